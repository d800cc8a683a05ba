import { boolean, instant, integer, json, nullable, text, user } from '../../src/store/tables/column.ts'
import { table } from '../../src/store/tables/define-table.ts'

/** Every kind of column, a second key, a column that came later, rows that expire and belong to somebody. */
const notes = table(
  {
    id: text(),
    owner: user(),
    title: text(),
    body: text(),
    rank: integer(),
    isDone: boolean(),
    writtenAt: instant(),
    until: nullable(instant()),
    data: json<unknown>(),
    score: nullable(integer()),
    reader: nullable(user()),
    remark: nullable(text(), { since: 2 }),
    seenAt: nullable(instant(), { since: 3 }),
  },
  { unique: [['id'], ['owner', 'title']], indexes: [['owner', 'writtenAt'], ['seenAt']], expires: 'until' },
)

/** A key of several columns, nothing else unique: what is counted in. */
const counters = table(
  { name: text(), window: integer(), count: integer(), note: text(), expires: instant() },
  { unique: [['name', 'window']], expires: 'expires' },
)

/** As many texts as a key may have. */
const places = table(
  { country: text(), city: text(), street: text(), isKnown: boolean() },
  { unique: [['country', 'city', 'street']] },
)

/** A user is the key, and what is counted in. */
const tallies = table({ user: user(), count: integer() }, { unique: [['user']] })

/** One that joined the others later, and whose columns have the names of other things. */
const late = table(
  { key: text(), order: integer(), select: nullable(text()), group: boolean(), table: nullable(text()) },
  { unique: [['key', 'order']], indexes: [['select', 'table']], since: 2 },
)

/** A plug-in with the tables of the contract. */
export const CONTRACT_PLUGIN = { id: 'contractSuite', tables: { notes, counters, places, tallies, late } } as const
