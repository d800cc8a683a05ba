import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.ts'

const ROOT = join(import.meta.dirname, '../../..')
export const PACKAGES = [
  'core',
  'trpc',
  'superjson',
  'kysely',
  'client',
  'api-keys',
  'password',
  'email',
  'oauth',
  'passkey',
  'totp',
] as const

export interface Tarball {
  readonly name: string
  readonly path: string
  readonly files: readonly string[]
}

/** The packages as `npm publish` would upload them, in `folder`. */
export async function packPackages(folder: string): Promise<readonly Tarball[]> {
  mkdirSync(folder, { recursive: true })
  return Promise.all(PACKAGES.map((name) => pack(name, folder)))
}

async function pack(name: string, folder: string): Promise<Tarball> {
  const directory = join(ROOT, 'packages', name)
  if (!existsSync(join(directory, 'dist/index.d.ts'))) throw new Error(`packages/${name} isn't built: npm run build`)
  const { code, text } = await run('npm', ['pack', '--json', '--pack-destination', folder], directory)
  if (code !== 0) throw new Error(text)
  const [packed] = JSON.parse(text.slice(text.indexOf('[\n'))) as [
    { name: string; filename: string; files: { path: string }[] }, // what `npm pack --json` is documented to print
  ]
  return {
    name: packed.name,
    path: join(folder, packed.filename),
    files: packed.files.map(({ path }) => path),
  }
}
