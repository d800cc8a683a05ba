import type { TestApp } from '../../../../test/support/app.ts'
import type { Answer, Client, Flow } from '../../../../test/support/client.ts'
import { createPkce } from './pkce.ts'
import { createTraveller, type Traveller } from './travel.ts'

/** Where the browser of a native client ends: an address that its system hands to it. */
export const NATIVE = 'app://host/done'

/** How a sign-in ended. */
export interface Ended {
  /** Null: the person is in. */
  readonly kind: string | null
  /** Where the browser is now. */
  readonly url: URL
  /** What the client got, in the token flow. */
  readonly answer: Answer | null
}

/** Somebody who signs in through a browser, and keeps a cookie there, or tokens in a client beside it. */
export interface Person extends Traveller {
  readonly client: Client
  /** Their browser's side of the app. */
  readonly browser: Client
  readonly signIn: (input?: object) => Promise<Ended>
  /** Begins only. @returns where the browser goes first */
  readonly begin: (input?: object) => Promise<URL>
}

export function createPerson(app: TestApp, flow: Flow): Person {
  const browser = app.client('cookie')
  const client = flow === 'cookie' ? browser : app.client('token')
  const traveller = createTraveller(browser, app.origin)
  const start = async (input: object): Promise<URL> => {
    const { data, kind } = await client.mutate<{ url: string }>('auth.signIn', { provider: 'op', ...input })
    if (kind !== null) throw new Error(`signIn was refused: ${kind}`)
    return new URL(data.url)
  }
  const throughCookie = async (input: object): Promise<Ended> => {
    const { url } = await traveller.go((await start({ redirectTo: '/in', ...input })).href)
    return { kind: url.searchParams.get('error'), url, answer: null }
  }
  const throughTokens = async (input: object): Promise<Ended> => {
    const { codeChallenge, codeVerifier } = await createPkce()
    const { url } = await traveller.go((await start({ redirectTo: NATIVE, codeChallenge, ...input })).href)
    const code = url.searchParams.get('code')
    if (code === null) return { kind: url.searchParams.get('error'), url, answer: null }
    const answer = await client.mutate('auth.oauth.exchange', { code, codeVerifier })
    return { kind: answer.kind, url, answer }
  }
  return {
    client,
    browser,
    ...traveller,
    begin: (input = {}) => start(input),
    signIn: (input = {}) => (flow === 'cookie' ? throughCookie(input) : throughTokens(input)),
  }
}
