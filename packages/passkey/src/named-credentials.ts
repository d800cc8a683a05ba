import { createRandomText } from '@latchkey/core'
import { isoBase64URL } from '@simplewebauthn/server/helpers'
import type { Shared } from './shared.ts'

/** The credentials that a browser may answer with, if somebody is asked for by address. */
export interface NamedCredentials {
  /** Digest of the user's id; of a random one, if nobody has the address. */
  readonly account: string
  readonly ids: readonly string[]
}

/**
 * For every address as many ids, whether it is somebody's or not, and whether they have passkeys or not: where real ones are missing, there are
 * others that stay the same for the address. Without transports, which would tell real ones apart. Both cases ask the store the same questions.
 */
export async function nameCredentials(shared: Shared, email: string): Promise<NamedCredentials> {
  const { settings, engine } = shared
  const { maxPerUser: limit } = settings
  const user = await engine.store.getUserByEmail(email)
  const id = user?.id ?? crypto.randomUUID()
  const rows = await engine.tables.passkeys.list({ where: { user: id }, limit })
  const decoys = await createDecoys(shared, email, limit)
  const ids = [...rows.map(({ credential }) => credential), ...decoys.slice(rows.length)]
  // By their text, so that no place tells which are real.
  return { account: await digestAccount(shared, id), ids: ids.toSorted() }
}

/** What a challenge says of the user who was asked for: of the same length for everybody. */
export async function digestAccount({ engine }: Shared, userId: string): Promise<string> {
  return engine.hash(`account:${userId}`)
}

/** Lengths, in bytes, that ids of real credentials have: password managers, platforms, security keys. */
const LENGTHS = [16, 20, 20, 32, 32, 32, 48, 64] as const

async function createDecoys(shared: Shared, email: string, count: number): Promise<readonly string[]> {
  const secret = await readSecret(shared)
  return Promise.all(Array.from({ length: count }, (_, index) => createDecoy(shared, `${secret}:${index}:${email}`)))
}

async function createDecoy({ engine }: Shared, seed: string): Promise<string> {
  const halves = await Promise.all([engine.hash(`decoy:0:${seed}`), engine.hash(`decoy:1:${seed}`)])
  const bytes = halves.flatMap((half) => [...isoBase64URL.toBuffer(half)])
  const length = LENGTHS[(bytes.at(-1) ?? 0) % LENGTHS.length]
  return isoBase64URL.fromBuffer(Uint8Array.from(bytes.slice(0, length)))
}

const SECRET = 'decoys'

/** Kept in the store and not derived from the app's secret: a rotation of that would tell decoys from real ids. */
async function readSecret(shared: Shared): Promise<string> {
  const { secrets } = shared.engine.tables
  const known = await secrets.get({ name: SECRET })
  if (known) return known.secret
  const secret = createRandomText()
  // False: another instance was faster.
  return (await secrets.insert({ name: SECRET, secret })) ? secret : readSecret(shared)
}
