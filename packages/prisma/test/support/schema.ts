import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { main } from '@latchkey/cli'
import { expect } from 'vitest'
import type { PrismaProvider } from '../../src/index.ts'

/** Every plug-in that brings tables. */
export const ALL_PLUGINS = 'password,totp,passkey,apiKeys,oauth,emailCode,magicLink,changeEmail,attempts'

const PACKAGE = join(import.meta.dirname, '../..')

/** A schema of an app in a folder of its own, with the models of Latchkey's tables. */
export interface AppSchema {
  readonly folder: string
  readonly path: string
  readonly read: () => Promise<string>
  readonly drop: () => Promise<void>
}

/** @param own what stands in the schema before the models are written */
export async function generateSchema(
  parent: string,
  provider: PrismaProvider,
  own: string,
  plugins = ALL_PLUGINS,
): Promise<AppSchema> {
  const folder = await mkdtemp(join(parent, 'schema-'))
  const path = join(folder, 'schema.prisma')
  await writeFile(path, own)
  const args = ['generate', 'prisma', '--schema', path, '--provider', provider, '--plugins', plugins]
  const errors: string[] = []
  const code = await main(args, { cwd: PACKAGE, print: () => {}, printError: (line) => void errors.push(line) })
  expect({ code, errors }).toEqual({ code: 0, errors: [] })
  return { folder, path, read: () => readFile(path, 'utf8'), drop: () => rm(folder, { recursive: true }) }
}
