import { createRandomText, type SignedIn, type SigningInCall } from '@latchkey/core'
import type { SignUp } from '../input.ts'
import { limitMail } from '../mail/limit.ts'
import { createLink } from '../mail/link.ts'
import type { Shared } from '../shared.ts'
import type { Sent } from '../types.ts'
import { BROWSER_COOKIE } from './browser-cookie.ts'

/** @throws AuthError `EmailTaken`, `RateLimited`, and why a password is refused */
export async function signUp(shared: Shared, call: SigningInCall, input: SignUp): Promise<SignedIn | Sent> {
  await shared.checkRules(input.password, input.email)
  return shared.settings.verify ? askToVerify(shared, call, input) : create(shared, call, input)
}

/** The account, at once. */
async function create(shared: Shared, call: SigningInCall, { email, password, name }: SignUp) {
  const { tables, engine, passwords } = shared
  const hash = await passwords.hash(password)
  return call.signIn({
    create: { email, name: name ?? null },
    belongings: async ({ id }) => void (await tables.hashes.insert({ user: id, hash, changedAt: engine.clock() })),
    taken: () => engine.error('EmailTaken'),
  })
}

/**
 * Nobody is created before the address is verified: else a stranger's sign-up would wait for its owner. If it is taken, all is done as if it
 * weren't, but for the mail, so that the response and its time are the same; the row's token is sent to nobody.
 */
async function askToVerify(shared: Shared, call: SigningInCall, input: SignUp): Promise<Sent> {
  const { tables, engine, passwords, settings } = shared
  const { email, password, name } = input
  await limitMail(call, settings.limits, { what: 'signUp', email })
  const hash = await passwords.hash(password)
  const owner = await engine.store.getUserByEmail(email)
  const [token, browser] = [createRandomText(), createRandomText()]
  const expires = new Date(engine.clock().getTime() + settings.verifyMaxAge)
  const row = {
    email,
    name: name ?? null,
    hash,
    expires,
    digest: await engine.hash(token),
    browser: await engine.hash(browser),
  }
  await tables.signUps.insert(row)
  const expiresIn = Math.floor(settings.verifyMaxAge / 1_000)
  // A client that keeps tokens keeps no cookies.
  if (call.flow === 'cookie') call.setCookie(BROWSER_COOKIE, browser, { maxAge: expiresIn })
  sendMail(shared, { email, isTaken: owner !== null, token, expiresIn })
  return { status: 'sent' }
}

interface SignUpMail {
  readonly email: string
  readonly isTaken: boolean
  readonly token: string
  readonly expiresIn: number
}

function sendMail({ engine, settings, inBackground }: Shared, { email: to, isTaken, token, expiresIn }: SignUpMail) {
  const { baseUrl } = engine
  inBackground('the mail of a sign-up failed', async () => {
    await settings.send?.(
      isTaken
        ? { type: 'accountExists', to, url: baseUrl.href }
        : { type: 'verifyEmail', to, url: createLink(baseUrl, settings.pages.verify, token), token, expiresIn },
    )
  })
}
