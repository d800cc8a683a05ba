import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import type * as app from './app.ts'

export type AppBundle = typeof app

/**
 * Joins the app and all that it imports into one file, as the bundlers of frameworks do, and loads it. Each call makes a whole copy of the
 * packages, as Next's routes, server components and proxy are in one process.
 */
export async function loadBundle(folder: string, name: string, format: 'esm' | 'cjs'): Promise<AppBundle> {
  const file = join(folder, `${name}.${format === 'cjs' ? 'cjs' : 'mjs'}`)
  const build = await rolldown({
    input: join(import.meta.dirname, 'app.ts'),
    platform: 'node',
    resolve: { conditionNames: ['latchkey-source', 'node', 'import', 'default'] },
    logLevel: 'silent',
  })
  await build.write({ file, format, codeSplitting: false })
  await build.close()
  const loaded: unknown = format === 'cjs' ? createRequire(file)(file) : await import(pathToFileURL(file).href)
  return loaded as AppBundle // the file was made of that module
}
