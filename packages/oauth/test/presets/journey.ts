import { memoryAdapter } from '@latchkey/core'
import { onTestFinished } from 'vitest'
import { startApp, type TestApp } from '../../../../test/support/app.ts'
import type { Client } from '../../../../test/support/client.ts'
import { oauth, type OAuthProvider } from '../../src/index.ts'
import type { Person } from './cases.ts'

export async function openApp(provider: OAuthProvider): Promise<TestApp> {
  const app = await startApp({ adapter: memoryAdapter(), plugins: [oauth([provider])] })
  onTestFinished(() => app.stop())
  return app
}

/** The provider's address that a sign-in begins with. */
export async function begin(client: Client, provider: string): Promise<URL> {
  const { data, kind } = await client.mutate<{ url: string }>('auth.signIn', { provider })
  if (kind !== null) throw new Error(`the sign-in was refused: ${kind}`)
  return new URL(data.url)
}

/** Where the provider sends the browser, and how. */
export interface WayBack {
  readonly url: URL
  /** The fields of a form. */
  readonly form: URLSearchParams | null
}

/** The person agrees at the provider. */
export async function agree(url: URL, more: Readonly<Record<string, string>> = {}): Promise<WayBack> {
  const response = await fetch(url, { redirect: 'manual' })
  const location = response.headers.get('location')
  if (location !== null) return { url: new URL(location), form: null }
  const { redirectUri, ...fields } = (await response.json()) as { redirectUri: string; code: string; state: string } // what the stand-in answers
  return { url: new URL(redirectUri), form: new URLSearchParams({ ...fields, ...more }) }
}

/** The browser comes back. Returns where the app sends it at last. */
export async function comeBack(client: Client, { url, form }: WayBack): Promise<URL> {
  if (!form) return follow(client, await client.fetch(url.href))
  // The provider's page posts it, so that the browser leaves out the cookies.
  const headers = { cookie: '', origin: 'https://appleid.apple.com' }
  return follow(client, await client.fetch(url.href, { method: 'POST', body: form, headers }))
}

async function follow(client: Client, response: Response): Promise<URL> {
  const next = new URL(response.headers.get('location') ?? '', response.url)
  return next.pathname.startsWith('/auth/callback/') ? follow(client, await client.fetch(next.href)) : next
}

/** Signs in all the way. */
export async function signIn(client: Client, id: string, more?: Readonly<Record<string, string>>): Promise<URL> {
  return comeBack(client, await agree(await begin(client, id), more))
}

/** The new user, and their account at the provider. */
export function readCreated({ told }: TestApp): { readonly person: Person; readonly accountId: unknown } | null {
  const user = told.find(({ name }) => name === 'events.createUser')?.params.user as Record<string, unknown> | undefined // as the event has it
  const account = told.find(({ name }) => name === 'signIn')?.params.account as Record<string, unknown> | undefined // as the callback has it
  if (!user || !account) return null
  const read = (name: string) => (typeof user[name] === 'string' ? user[name] : null)
  const isVerified = user.emailVerified instanceof Date
  return {
    accountId: account.providerAccountId,
    person: { email: read('email'), isVerified, name: read('name'), image: read('image') },
  }
}
