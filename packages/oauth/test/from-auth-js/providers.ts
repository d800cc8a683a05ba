import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AuthJsProvider } from '../../src/from-auth-js/from-auth-js.ts'

/** A provider that the installed Auth.js exports, and how it is made. */
export interface Exported {
  readonly file: string
  readonly make: (options: object) => AuthJsProvider
}

/** Modules that export no provider. */
const NO_PROVIDERS = new Set(['index', 'oauth', 'provider-types'])

/** Those that need a package besides, which Auth.js doesn't install; and what they are. */
const NEED_PACKAGES: ReadonlyMap<string, string> = new Map([
  ['email', 'email'],
  ['nodemailer', 'email'],
  ['passkey', 'webauthn'],
  ['webauthn', 'webauthn'],
])

const folder = dirname(fileURLToPath(import.meta.resolve('@auth/core/providers/google')))

/** All of them. */
export const exported: readonly Exported[] = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => name.slice(0, -3))
    .filter((file) => !NO_PROVIDERS.has(file))
    .map(async (file) => ({ file, make: await load(file) })),
)

async function load(file: string): Promise<Exported['make']> {
  const type = NEED_PACKAGES.get(file)
  try {
    const module = (await import(`@auth/core/providers/${file}`)) as { default: Exported['make'] } // what Auth.js' modules export
    return module.default
  } catch (error) {
    if (type === undefined) throw error
    return () => ({ id: file, type }) as unknown as AuthJsProvider // it has another type, which is the point
  }
}

/** What every provider is made with, and what some need besides. */
export function optionsFor(file: string, issuer: string): object {
  return { clientId: 'client-1', clientSecret: 'secret-1', issuer, ...MORE[file] }
}

const MORE: Readonly<Record<string, object>> = {
  dribbble: { scope: 'public' },
  netsuite: { accountID: 'TSTDRV1', userinfo: 'https://engine.example/userinfo' },
  nodemailer: { server: 'smtp://localhost' },
  email: { server: 'smtp://localhost' },
  workos: { connection: 'conn_1' },
  // These have an issuer of their own, or none.
  ...without('42-school', 'apple', 'google', 'huggingface', 'line', 'linkedin', 'roblox', 'salesforce', 'simplelogin'),
  ...without('slack', 'twitch', 'vipps', 'workos', 'github', 'microsoft-entra-id', 'azure-ad', 'bankid-no', 'descope'),
}

function without(...files: readonly string[]): Record<string, object> {
  return Object.fromEntries(
    files.map((file) => [file, { issuer: undefined, ...(file === 'workos' && { connection: 'conn_1' }) }]),
  )
}
