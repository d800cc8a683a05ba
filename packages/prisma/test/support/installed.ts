import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { COMMAND_LINE, runPrisma } from './run-prisma.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder where Prisma is installed, with a client for each database; null if it can't be had. */
    readonly prismaFolder: string | null
    /** The folder of an earlier Prisma, whose command line can push without an engine of its own; null if it can't be had. */
    readonly pushFolder: string | null
  }
}

const ROOM = join(import.meta.dirname, '../../../../.turbo')
const PROVIDERS = ['postgresql', 'mysql', 'sqlite']

/** An installation of Prisma. */
interface Installation {
  readonly version: string
  readonly packages: readonly string[]
  readonly finish: (folder: string) => Promise<void>
}

const CURRENT: Installation = {
  version: '7.10.0',
  packages: ['prisma', '@prisma/client', '@prisma/adapter-pg', '@prisma/adapter-libsql', '@prisma/adapter-mariadb'],
  finish: async (folder) => {
    for (const provider of PROVIDERS) await generateClient(folder, provider)
  },
}

/**
 * `prisma db push` of Prisma 7 runs an engine that it downloads. That of Prisma 6 can run one of WebAssembly which comes in its package,
 * for PostgreSQL and SQLite.
 */
const WITH_PUSH: Installation = {
  version: '6.19.3',
  packages: ['prisma', '@prisma/client', '@prisma/adapter-pg', '@prisma/adapter-libsql'],
  finish: async () => {},
}

/** Installs both once for all test files, without running any script of their packages. */
export default async function installPrisma(project: TestProject): Promise<void> {
  project.provide('prismaFolder', await findOrInstall(CURRENT))
  project.provide('pushFolder', await findOrInstall(WITH_PUSH))
}

async function findOrInstall(installation: Installation): Promise<string | null> {
  const folder = join(ROOM, `prisma-${installation.version}`)
  if (existsSync(folder)) return folder
  try {
    await install(folder, installation)
    return folder
  } catch (error) {
    console.warn(`Prisma ${installation.version} can't be installed`, error)
    return null
  }
}

/** In a folder that gets its name when it is whole. */
async function install(folder: string, { version, packages, finish }: Installation): Promise<void> {
  const part = `${folder}.${process.pid}`
  await mkdir(part, { recursive: true })
  await writeFile(join(part, 'package.json'), '{ "private": true, "type": "module" }')
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--fetch-timeout=60000']
  await runPrisma('npm', ['install', ...flags, ...packages.map((name) => `${name}@${version}`)], part)
  await finish(part)
  await rm(folder, { recursive: true, force: true })
  await rename(part, folder)
}

/** The client is made by a WASM module that comes in the package. */
async function generateClient(folder: string, provider: string): Promise<void> {
  const schema = join(folder, `${provider}.prisma`)
  const generator = `generator client {\n  provider = "prisma-client-js"\n  output = "./client-${provider}"\n}`
  const model = 'model Post {\n  id Int @id\n  title String\n}'
  await writeFile(schema, `${generator}\ndatasource db {\n  provider = "${provider}"\n}\n${model}\n`)
  await runPrisma(process.execPath, [...COMMAND_LINE, 'generate', '--schema', schema], folder)
}
