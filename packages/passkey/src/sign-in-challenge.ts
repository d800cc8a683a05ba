import { type Call, createRandomText } from '@latchkey/core'
import { CHALLENGE_LIFE, type Shared } from './shared.ts'

// Anybody may ask for the options of a sign-in, and a page that offers passkeys does so whenever it is opened. So nothing is written for that:
// the browser, or the client that keeps tokens, keeps the challenge itself, sealed. Only one that somebody has signed in with is written down.

/** A challenge that its browser or client may answer. */
export interface SignInChallenge {
  readonly challenge: string
  /** Unix seconds. */
  readonly until: number
  /** Digest of the id of the user who was asked for; null: the person chooses. */
  readonly account: string | null
}

const COOKIE = 'sign-in'

/** Of several tabs each has one. A cookie has room for no more than a few. */
const MAX_OPEN = 5

/** A new challenge: in the sealed cookie of this browser, or with a sealed handle that the client sends back. */
export async function issueSignInChallenge(
  shared: Shared,
  call: Call,
  account: string | null,
): Promise<{ readonly challenge: string; readonly handle?: string }> {
  const { engine } = shared
  const issued = { challenge: createRandomText(), until: readSeconds(shared) + CHALLENGE_LIFE, account }
  const { challenge } = issued
  if (call.flow === 'token')
    return { challenge, handle: await engine.seal('handle', { open: [issued] }, CHALLENGE_LIFE) }
  const open = [...(await readCookie(shared, call)), issued].slice(-MAX_OPEN)
  const sealed = await engine.seal('cookie', { open }, CHALLENGE_LIFE)
  call.setCookie(COOKIE, sealed, { maxAge: CHALLENGE_LIFE, sameSite: 'strict' })
  return { challenge }
}

/** What was issued to this browser or client under this challenge; null: nothing, or it has expired. */
export async function findSignInChallenge(
  shared: Shared,
  call: Call,
  { challenge, handle }: { readonly challenge: string; readonly handle: string | undefined },
): Promise<SignInChallenge | null> {
  // Each by its flow alone: a page that makes a browser send a handle must not sign it in as somebody else.
  const open = call.flow === 'token' ? await readHandle(shared, handle) : await readCookie(shared, call)
  return open.find((issued) => issued.challenge === challenge) ?? null
}

/** Of many calls with one challenge exactly one gets true. */
export async function spendSignInChallenge(
  { engine }: Shared,
  { challenge, until }: SignInChallenge,
): Promise<boolean> {
  return engine.tables.spent.insert({ digest: await engine.hash(challenge), expires: new Date(until * 1_000) })
}

async function readHandle(shared: Shared, handle: string | undefined): Promise<readonly SignInChallenge[]> {
  return handle ? readOpen(shared, await shared.engine.unseal('handle', handle)) : []
}

async function readCookie(shared: Shared, call: Call): Promise<readonly SignInChallenge[]> {
  const sealed = call.cookie(COOKIE)
  return sealed ? readOpen(shared, await shared.engine.unseal('cookie', sealed)) : []
}

function readOpen(shared: Shared, sealed: Readonly<Record<string, unknown>> | null): readonly SignInChallenge[] {
  const open = (sealed?.open ?? []) as readonly SignInChallenge[] // what was sealed above
  const now = readSeconds(shared)
  return open.filter(({ until }) => until > now)
}

function readSeconds({ engine }: Shared): number {
  return Math.floor(engine.clock().getTime() / 1_000)
}
