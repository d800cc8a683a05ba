import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CommandError } from '../command-error.ts'
import type { SchemaFile } from './merge-schema.ts'

/** Where Prisma looks by itself. */
const DEFAULTS = ['prisma/schema.prisma', 'schema.prisma', 'prisma']

/** The files of a schema, and the one that gets new models: the only file, or `latchkey.prisma` in a folder. */
export interface SchemaFiles {
  readonly files: readonly SchemaFile[]
  readonly target: string
}

/**
 * @param given a file or a folder; where Prisma looks by itself if it is undefined
 * @throws CommandError if there is no schema
 */
export async function readSchemaFiles(cwd: string, given: string | undefined): Promise<SchemaFiles> {
  const path = given ?? DEFAULTS.find((candidate) => existsSync(resolve(cwd, candidate)))
  if (path === undefined || !existsSync(resolve(cwd, path)))
    throw new CommandError(
      `there is no Prisma schema at ${given ?? DEFAULTS.join(', ')}. Say where it is: --schema <file or folder>`,
    )
  if (!(await stat(resolve(cwd, path))).isDirectory()) return { files: [await read(cwd, path)], target: path }
  const names = await readdir(resolve(cwd, path), { recursive: true })
  const paths = names.filter((name) => name.endsWith('.prisma')).map((name) => join(path, name))
  if (paths.length === 0)
    throw new CommandError(`the folder ${path} has no .prisma file. Say where the schema is: --schema <file or folder>`)
  return {
    files: await Promise.all(paths.toSorted().map((file) => read(cwd, file))),
    target: join(path, 'latchkey.prisma'),
  }
}

async function read(cwd: string, path: string): Promise<SchemaFile> {
  return { path, text: await readFile(resolve(cwd, path), 'utf8') }
}

/** Writes what differs. @returns the paths of what was written */
export async function writeSchemaFiles(
  cwd: string,
  before: readonly SchemaFile[],
  after: readonly SchemaFile[],
): Promise<readonly string[]> {
  const changed = after.filter(({ path, text }) => before.find((file) => file.path === path)?.text !== text)
  for (const { path, text } of changed) {
    await mkdir(dirname(resolve(cwd, path)), { recursive: true })
    await writeFile(resolve(cwd, path), text)
  }
  return changed.map(({ path }) => path)
}
