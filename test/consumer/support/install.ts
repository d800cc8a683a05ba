import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tarball } from './pack.ts'
import { run } from './run.ts'

/** An app outside the workspaces: its sources, and exactly these packages beside the packed ones. */
export async function installApp(
  folder: string,
  sources: string,
  tarballs: readonly Tarball[],
  versions: Readonly<Record<string, string>>,
): Promise<void> {
  cpSync(sources, folder, { recursive: true })
  await installPackages(folder, tarballs, versions)
}

/** Exactly these packages, beside the packed ones. @throws RegistryUnreachable */
export async function installPackages(
  folder: string,
  tarballs: readonly Tarball[],
  versions: Readonly<Record<string, string>>,
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const packed = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]))
  const manifest = { private: true, type: 'module', dependencies: { ...versions, ...packed } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  await installFrom(folder)
}

/** What the folder's package.json asks for. @throws RegistryUnreachable */
export async function installFrom(folder: string, options: readonly string[] = []): Promise<void> {
  const { code, text } = await run(
    'npm',
    ['install', '--prefix', folder, '--prefer-offline', ...QUIET, ...IMPATIENT, ...options],
    folder,
  )
  if (code === 0) return
  if (await isRegistryReachable(folder)) throw new Error(text)
  throw new RegistryUnreachable(text)
}

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
const IMPATIENT = ['--fetch-timeout=20000', '--fetch-retries=1', '--fetch-retry-mintimeout=500']

/** npm reports a registry that it can't reach as whatever then didn't resolve: asked for one thing only, it says so. */
async function isRegistryReachable(folder: string): Promise<boolean> {
  const { code } = await run('npm', ['view', '@trpc/server', 'version', '--prefer-online', ...IMPATIENT], folder)
  return code === 0
}

/** Packages could be had neither from npm's cache nor from its registry. */
export class RegistryUnreachable extends Error {}
