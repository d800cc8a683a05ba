import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PluginTables } from '@latchkey/kysely/migrate'
import { CommandError } from '../command-error.ts'
import { BUILT_IN, type BuiltIn } from './built-in.ts'

type Exports = Readonly<Record<string, unknown>>

/**
 * The plug-ins that an option names: `password,totp`, or paths of modules that export `plugins`. What is named twice counts once.
 *
 * @param cwd from where packages are found
 * @throws CommandError, naming the part that can't be read and the fix
 */
export async function readPlugins(cwd: string, option: string | undefined): Promise<readonly PluginTables[]> {
  const parts = (option ?? '').split(',').map((part) => part.trim())
  const lists = await Promise.all(parts.filter((part) => part !== '').map((part) => readPart(cwd, part)))
  return [...new Map(lists.flat().map((plugin) => [plugin.id, plugin])).values()]
}

async function readPart(cwd: string, part: string): Promise<readonly PluginTables[]> {
  const builtIn = BUILT_IN.get(part)
  if (builtIn) return [await readBuiltIn(cwd, part, builtIn)]
  if (/[./\\]/.test(part)) return readModule(cwd, part)
  throw new CommandError(
    `there is no plug-in ${part}. Known are ${[...BUILT_IN.keys()].join(', ')}. For others write the path of a module that exports plugins: --plugins ./src/plugins.js`,
  )
}

async function readBuiltIn(cwd: string, name: string, { from, make }: BuiltIn): Promise<PluginTables> {
  const plugin = make((await import(locate(cwd, name, from))) as Exports) // what a module exports
  if (isPlugin(plugin)) return plugin
  throw new CommandError(`${from} has no ${name}: bring Latchkey's packages to one version`)
}

/** As the app finds it, not as this package does. */
function locate(cwd: string, name: string, from: string): string {
  try {
    return pathToFileURL(createRequire(join(cwd, 'package.json')).resolve(from)).href
  } catch (cause) {
    throw new CommandError(`the plug-in ${name} needs ${from}. Install it: npm install ${from}`, { cause })
  }
}

async function readModule(cwd: string, path: string): Promise<readonly PluginTables[]> {
  const file = resolve(cwd, path)
  if (!existsSync(file)) throw new CommandError(`there is no file ${path}`)
  const found = (await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new CommandError(explain(path, cause), { cause })
  })) as Exports // what a module exports
  const { plugins = found.default } = found
  if (Array.isArray(plugins) && plugins.every(isPlugin)) return plugins
  throw new CommandError(`${path} exports no list of plug-ins. Write: export const plugins = [password(), …]`)
}

function explain(path: string, cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const isUnread = cause instanceof Error && 'code' in cause && cause.code === 'ERR_UNKNOWN_FILE_EXTENSION'
  const fix = isUnread
    ? '. This Node reads no TypeScript: use Node 22.18 or later, or set NODE_OPTIONS="--import tsx"'
    : ''
  return `${path} can't be loaded: ${reason}${fix}`
}

function isPlugin(value: unknown): value is PluginTables {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
}
