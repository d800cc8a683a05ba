import { readFileSync, rmSync } from 'node:fs'
import { cwd } from 'node:process'
import { rolldown } from 'rolldown'

// Run in a package after `tsc -b`: joins the modules of its entries into a few files. Node takes about a third of a millisecond for each
// module that it loads, and a server that starts anew for every few requests waits for all of them. Not minified: somebody will read it.
const folder = 'dist/bundle'
const { name, exports, imports = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
rmSync(folder, { recursive: true, force: true })
await bundle(readEntries(exports))
// Each by itself: what it shared with the entries would be one more file to load.
for (const entry of readEntries(imports)) await bundle([entry])
console.log(`${name}: joined in ${cwd()}/${folder}`)

async function bundle(entries) {
  const build = await rolldown({
    input: Object.fromEntries(entries),
    platform: 'neutral',
    // Everything that isn't a file of this package, and what stands behind a condition of its own.
    external: (id) => !/^[./]/.test(id),
  })
  await build.write({
    dir: folder,
    format: 'esm',
    sourcemap: true,
    // A package has its sources beside this folder: a debugger finds them there.
    sourcemapExcludeSources: true,
    chunkFileNames: 'shared/[name].js',
  })
  await build.close()
}

/** `[file under dist/bundle, its source]` for whatever is published from there. */
function readEntries(map) {
  return Object.values(map)
    .filter((conditions) => typeof conditions === 'object')
    .flatMap(({ 'latchkey-source': source, types: _types, ...published }) =>
      Object.entries(published).map(([condition, path]) => [
        path.replace(`./${folder}/`, '').replace(/\.js$/, ''),
        typeof source === 'string' ? source : source[condition],
      ]),
    )
}
