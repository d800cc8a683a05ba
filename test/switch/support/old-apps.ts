import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPackages } from '../../consumer/support/install.ts'
import { buildNext } from '../../nextjs/support/next.ts'

/** Both libraries in one Next app: they have routes, pages and cookies of their own, and share the install and the build. */
const VERSIONS = {
  next: '16.4.6',
  react: '19.3.1',
  'react-dom': '19.3.1',
  'next-auth': '4.24.15',
  authjs: 'npm:next-auth@5.0.0-beta.32',
  '@auth/kysely-adapter': '1.11.2',
  kysely: '0.28.17',
  pg: '8.22.0',
  typescript: '5.9.3',
  '@types/node': '20.19.39',
  '@types/react': '19.3.0',
}

/** The built app, to be started with the environment that it is deployed with. */
export interface OldApps {
  readonly folder: string
  readonly remove: () => void
}

/** @throws RegistryUnreachable */
export async function buildOldApps(): Promise<OldApps> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-switch-'))
  cpSync(join(import.meta.dirname, '../old-apps'), folder, { recursive: true })
  await installPackages(folder, [], VERSIONS)
  const { code, text } = await buildNext(folder)
  if (code !== 0) throw new Error(text)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
