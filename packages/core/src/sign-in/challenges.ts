import type { Engine } from '../config/engine.ts'
import { runCallback } from '../config/run-callbacks.ts'
import type { Challenge, Pending } from '../contract/verified.ts'
import { AuthError, configurationError } from '../errors.ts'
import { randomBytes, toBase64Url } from '../internal/bytes.ts'
import { omitUndefined } from '../internal/json.ts'
import { hashToken } from '../token/hash.ts'
import { createKeyRing, type KeyRing } from '../token/keys.ts'
import { openToken } from '../token/open.ts'
import { sealToken } from '../token/seal.ts'
import { type ChallengeRow, type ChallengeTable, openChallengeTable } from './challenge-table.ts'
import type { Ready } from './ready.ts'

/** A sign-in that waits for a second factor, and how it goes on. */
export interface Waiting extends Ready {
  /** The names of the factors of which one is asked for. */
  readonly factors: readonly string[]
}

/** The sign-ins that wait for their second step: rows, so that each goes on once, whichever instance its second step comes to. */
export interface Challenges {
  readonly open: (waiting: Waiting) => Promise<Challenge>
  /** The sign-in of a challenge, its user as the store has them now. @throws AuthError `InvalidToken` */
  readonly find: (challenge: unknown) => Promise<Waiting>
  /** Consumes the challenge of this sign-in. @throws AuthError `InvalidToken` if it isn't there, because another call was faster for example */
  readonly take: (pending: Pending) => Promise<void>
  /** Removes the challenge of a sign-in, if it is still there. */
  readonly close: (challenge: Challenge, userId: string) => Promise<void>
  /** Ends all sign-ins of a user that wait: somebody who knew only the first factor must begin again. */
  readonly endAll: (userId: string) => Promise<void>
}

/** Milliseconds. */
const LIFE = 5 * 60_000
const TYP = 'latchkey.challenge'
const RANDOM_BYTES = 32

/**
 * Opens the table in which sign-ins wait; null if there are no second factors.
 *
 * @throws AuthError `Configuration` if there are some, and nothing keeps tables
 */
export function openChallenges(engine: Engine, factors: ReadonlyMap<string, unknown>): Challenges | null {
  const [name] = factors.keys()
  if (name === undefined) return null
  const table = (engine.tables ?? engine.adapter)?.table
  if (table) return createChallenges(engine, openChallengeTable({ table }))
  throw configurationError(
    'adapter',
    `a sign-in waits in a table for the factor "${name}": pass an adapter that keeps tables (memoryAdapter(), kyselyAdapter(db)), or \`tables: kyselyTables(db)\``,
  )
}

function createChallenges(engine: Engine, table: ChallengeTable): Challenges {
  const { settings } = engine
  const ring = createKeyRing(() => ({ secrets: settings.secrets, salt: TYP }))
  const take = async (challenge: string, user: string) =>
    table.take({ digest: await hashToken(challenge) }, { user, expires: { above: settings.clock() } })
  return {
    open: async (waiting) => {
      const challenge = toBase64Url(randomBytes(RANDOM_BYTES))
      const user = String(waiting.params.user.id)
      const kept = await omitStoredFields(engine, waiting, user)
      const sealed = await runCallback(() => sealToken(ring, kept, TYP)) // what an app's functions returned may not be JSON
      const expires = new Date(settings.clock().getTime() + LIFE)
      await table.insert({ digest: await hashToken(challenge), user, sealed, expires })
      return { status: 'challenge', challenge, expiresIn: LIFE / 1_000, factors: waiting.factors }
    },
    find: async (challenge) => {
      const row = isChallenge(challenge) ? await table.get({ digest: await hashToken(challenge) }) : null
      if (!row || row.expires <= settings.clock()) throw noSuchChallenge()
      return readUserAgain(engine, await openWaiting(ring, row), row.user)
    },
    take: async ({ challenge, user }) => {
      if (!(await take(challenge, String(user.id)))) throw noSuchChallenge()
    },
    close: async ({ challenge }, userId) => void (await take(challenge, userId)),
    endAll: async (userId) => void (await table.remove({ user: userId })),
  }
}

const CHALLENGE = /^[\w-]{43}$/

/** Whether something can be a challenge; anything else needn't be looked for. */
function isChallenge(value: unknown): value is string {
  return typeof value === 'string' && CHALLENGE.test(value)
}

function noSuchChallenge(): AuthError {
  return new AuthError('InvalidToken', {
    cause: new Error('there is no such challenge, or it has expired or was used'),
  })
}

/** Of the user only what their row doesn't have: the row is read again. `resolveUser` may have named somebody who isn't in the store. */
async function omitStoredFields({ adapter }: Engine, waiting: Waiting, id: string): Promise<Waiting> {
  if (!adapter?.getUser) return waiting
  const row = await adapter.getUser(id)
  if (!row) {
    const cause = new Error('a second factor is due for a user who is not in the store')
    throw new AuthError('CallbackRouteError', { cause })
  }
  const { params } = waiting
  const others = Object.entries(params.user).filter(([field]) => !Object.hasOwn(row, field))
  return { ...waiting, params: { ...params, user: { ...Object.fromEntries(others), id } } }
}

async function openWaiting(ring: KeyRing, { sealed }: ChallengeRow): Promise<Waiting> {
  // Nothing else is sealed under this key and type.
  return (await openToken(ring, sealed, TYP, sealed.length)) as unknown as Waiting
}

/** With the row as it is now. */
async function readUserAgain({ adapter }: Engine, waiting: Waiting, id: string): Promise<Waiting> {
  const { params } = waiting
  const row = adapter?.getUser ? await adapter.getUser(id) : params.user
  if (!row) throw noSuchChallenge()
  return { ...waiting, params: { ...params, user: { ...params.user, ...omitUndefined(row), id } } }
}
