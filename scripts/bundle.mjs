import { readFileSync, rmSync } from 'node:fs'
import { cwd } from 'node:process'
import { rolldown } from 'rolldown'

// Run in a package after `tsc -b`: joins the modules of its entries into a few files. Node takes about a third of a millisecond for each
// module that it loads, and a server that starts anew for every few requests waits for all of them. Not minified: somebody will read it.
const folder = 'dist/bundle'
const { name, exports, imports = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
const input = Object.fromEntries([...readEntries(exports), ...readEntries(imports)])
rmSync(folder, { recursive: true, force: true })
const build = await rolldown({
  input,
  platform: 'neutral',
  // Everything that isn't a file of this package; what stands behind a condition of its own is one of the entries.
  external: (id) => !/^[./]/.test(id),
})
await build.write({ dir: folder, format: 'esm', sourcemap: true, chunkFileNames: 'shared/[name].js' })
await build.close()
console.log(`${name}: ${Object.keys(input).length} entries in ${cwd()}/${folder}`)

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
