import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder where Prisma is installed, with a client for each database; null if it can't be had. */
    readonly prismaFolder: string | null
  }
}

const ROOM = join(import.meta.dirname, '../../../../.turbo')
const VERSION = '7.10.0'
const PACKAGES = ['prisma', '@prisma/client', '@prisma/adapter-pg', '@prisma/adapter-libsql', '@prisma/adapter-mariadb']
const PROVIDERS = ['postgresql', 'mysql', 'sqlite']

/** Installs Prisma once for all test files, without running any script of its packages. */
export default async function installPrisma(project: TestProject): Promise<void> {
  const folder = join(ROOM, `prisma-${VERSION}`)
  const isThere =
    existsSync(folder) ||
    (await install(folder).then(
      () => true,
      (error: unknown) => report(error),
    ))
  project.provide('prismaFolder', isThere ? folder : null)
}

function report(error: unknown): false {
  console.warn(`Prisma ${VERSION} can't be installed`, error)
  return false
}

/** In a folder that gets its name when it is whole. */
async function install(folder: string): Promise<void> {
  const part = `${folder}.${process.pid}`
  await mkdir(part, { recursive: true })
  await writeFile(join(part, 'package.json'), '{ "private": true, "type": "module" }')
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--fetch-timeout=60000']
  await run('npm', ['install', ...flags, ...PACKAGES.map((name) => `${name}@${VERSION}`)], part)
  for (const provider of PROVIDERS) await generateClient(part, provider)
  await rm(folder, { recursive: true, force: true })
  await rename(part, folder)
}

/** The client is made by a WASM module that comes in the package. */
async function generateClient(folder: string, provider: string): Promise<void> {
  const schema = join(folder, `${provider}.prisma`)
  const generator = `generator client {\n  provider = "prisma-client-js"\n  output = "./client-${provider}"\n}`
  const model = 'model Post {\n  id Int @id\n  title String\n}'
  await writeFile(schema, `${generator}\ndatasource db {\n  provider = "${provider}"\n}\n${model}\n`)
  await run(process.execPath, ['node_modules/prisma/build/index.js', 'generate', '--schema', schema], folder)
}

/** Without PRISMA_SCHEMA_ENGINE_BINARY the command line would first download an engine, which generating doesn't need. */
const ENGINE = {
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
}

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  await promisify(execFile)(command, [...args], { cwd, env: { ...process.env, ...ENGINE }, timeout: 300_000 })
}
