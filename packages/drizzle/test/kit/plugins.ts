import { attemptTables, integer, instant, nullable, table, text, user } from '@latchkey/core'
import { apiKeys } from '@latchkey/api-keys'
import { passkey } from '@latchkey/passkey'
import { password } from '@latchkey/password'
import { CONTRACT_PLUGIN } from '../../../core/test/tables/specs.ts'

/** A table that grew: later migrations add columns, a user among them, and an index. */
const grown = table(
  {
    id: text(),
    owner: user(),
    count: integer(),
    editor: nullable(user(), { since: 2 }),
    until: nullable(instant(), { since: 2 }),
    note: nullable(text(), { since: 3 }),
  },
  { unique: [['id'], ['owner', 'count']], indexes: [['count', 'until']], expires: 'until' },
)

export const plugins = [
  password(),
  apiKeys({ scopes: ['read'] }),
  passkey(),
  attemptTables,
  { id: 'grown', tables: { things: grown } },
  CONTRACT_PLUGIN,
]
