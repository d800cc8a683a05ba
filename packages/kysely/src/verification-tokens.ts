import type { CompleteAdapter, VerificationToken } from '@latchkey/core'
import type { VerificationTokensTable } from './database.ts'
import { type Param, prepare } from './prepare.ts'
import { toDate, toMilliseconds } from './rows/instants.ts'
import { requireStorable, isStorable } from './rows/text.ts'
import type { Selectable } from 'kysely'
import { isText } from './same-text.ts'
import type { Store } from './store.ts'
import { hasWritten } from './writes.ts'

type VerificationTokenMethods = Pick<CompleteAdapter, 'createVerificationToken' | 'useVerificationToken'>
type Name = Pick<VerificationToken, 'identifier' | 'token'>

export function verificationTokenMethods(store: Store): VerificationTokenMethods {
  const { db, tables, dialect } = store
  const take = dialect === 'mysql' ? readAndDelete(store) : deleteReturning(store)
  return {
    createVerificationToken: async ({ identifier, token, expires }) => {
      const row = {
        identifier: requireStorable('identifier', identifier),
        token: requireStorable('token', token),
        expires: toMilliseconds(expires),
      }
      await db.insertInto(tables.verification_tokens).values(row).execute()
      return { identifier, token, expires }
    },
    useVerificationToken: async ({ identifier, token }) => {
      if (!isStorable(identifier) || !isStorable(token)) return null
      const row = await take({ identifier, token })
      return row ? { identifier, token, expires: toDate(row.expires) } : null
    },
  }
}

type Take = (name: Name) => Promise<Selectable<VerificationTokensTable> | null>

function deleteReturning({ db, tables }: Store): Take {
  const take = prepare(db, (param: Param<Name>) =>
    db
      .deleteFrom(tables.verification_tokens)
      .where('identifier', '=', param('identifier'))
      .where('token', '=', param('token'))
      .returningAll(),
  )
  return async (name) => (await take(name)).rows[0] ?? null
}

/** MySQL has no DELETE … RETURNING. Of many that read the row, the one whose delete finds it has used it. */
function readAndDelete({ db, tables, dialect }: Store): Take {
  const read = prepare(db, (param: Param<Name>) =>
    db
      .selectFrom(tables.verification_tokens)
      .selectAll()
      .where(isText(dialect, 'identifier', param('identifier')))
      .where(isText(dialect, 'token', param('token'))),
  )
  const remove = prepare(db, (param: Param<Name>) =>
    db
      .deleteFrom(tables.verification_tokens)
      .where(isText(dialect, 'identifier', param('identifier')))
      .where(isText(dialect, 'token', param('token'))),
  )
  return async (name) => {
    const [row] = (await read(name)).rows
    return row && hasWritten(dialect, await remove(name)) ? row : null
  }
}
