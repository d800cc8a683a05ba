import { omitUndefined } from '../internal/json.ts'
import { runJwt } from '../config/run-callbacks.ts'
import type { StartParams } from '../session/strategy.ts'
import { defaultClaims } from '../token/claims.ts'
import type { Bearer } from './bearer.ts'
import { createFamily } from './family.ts'
import { type IssuedPair, issuePair, type RefreshIn, readLives } from './issue.ts'
import { readRows, withRows } from './row-state.ts'

/** Begins a session that lives in a token pair: the row, if there is a store, is written last. */
export async function startBearer(bearer: Bearer, params: StartParams, refreshIn: RefreshIn): Promise<IssuedPair> {
  const { engine, tokens } = bearer
  const { user, client, amr } = params
  const now = engine.settings.clock()
  const { accessExpires } = readLives(tokens, now, now)
  const defaults = defaultClaims(user, amr, crypto.randomUUID(), now, accessExpires)
  const rows = await readOwnRows(bearer, user, defaults.sub)
  const token = await runJwt(engine.callbacks, rows ? withRows(engine, defaults, rows) : defaults, params)
  const pair = await issuePair(bearer, { token, startedAt: now, generation: 0, rows, rowState: undefined, refreshIn })
  await createFamily(bearer, { token, startedAt: now, expires: pair.refreshExpires, now, client, amr })
  return pair
}

/** What the rows say of the person under the database strategy, else null. */
async function readOwnRows({ engine }: Bearer, user: StartParams['user'], id: string) {
  const { adapter, settings } = engine
  if (settings.strategy !== 'database') return null
  const stored = (await adapter?.getUser?.(id)) ?? omitUndefined({ ...user, id })
  return readRows(engine, stored, null)
}
