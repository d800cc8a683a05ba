import { instant, table, type TableSpec, text } from '@latchkey/core'
import { tableName } from '@latchkey/core/store'
import { type RawBuilder, sql } from 'kysely'
import { databaseTime } from '../../clock/database-time.ts'
import type { AnyKysely } from '../../database.ts'
import { type DialectName, dialectOf } from '../../dialect.ts'
import { openPluginTables } from '../../plugin-tables/plugin-tables.ts'
import { type Param, prepare } from '../../prepare.ts'

/** In the order in which they were sent, by the database's own clock. */
const messages = table(
  { sentAt: instant(), id: text(), message: text(), expiresAt: instant() },
  { unique: [['sentAt', 'id']], expires: 'expiresAt' },
)

const ID = 'latchkeyBus'

interface BusTables {
  readonly id: string
  readonly tables: { readonly messages: TableSpec }
}

/**
 * The table that {@link pollingBus} reads, `latchkey_bus_messages`, for the migrations.
 *
 * @example await migrateToLatest(db, { plugins: [...plugins, busTables] })
 */
export const busTables: BusTables = { id: ID, tables: { messages } }

/** Milliseconds for which a message can be read: whoever was away for less has missed nothing. */
export const KEPT = 300_000
/** Milliseconds that a row stays beyond that: an instance whose clock is ahead may delete it early. */
const ALLOWANCE = 120_000
/** How many rows are read, or deleted, by one statement. */
const PAGE = 500

/** A message, and where it stands. */
export interface MessageRow {
  /** The database's time, in milliseconds. */
  readonly sentAt: number
  readonly id: string
  readonly message: string
}

/** The place after which rows are read. */
export type Place = Pick<MessageRow, 'sentAt' | 'id'>

/** Rows in their order, and the database's time when it began to look for them. */
export interface MessagePage {
  readonly now: number
  readonly rows: readonly MessageRow[]
  /** Whether there may be more of them. */
  readonly isFull: boolean
}

/** The table as a bus uses it. */
export interface MessageRows {
  readonly insert: (messages: readonly string[]) => Promise<void>
  readonly readAfter: (place: Place) => Promise<MessagePage>
  /** @param now the database's time, in milliseconds */
  readonly removeExpired: (now: number) => Promise<void>
}

/** @throws TypeError if the dialect is not supported */
export function openMessageRows(db: AnyKysely): MessageRows {
  const dialect = dialectOf(db)
  const name = tableName(ID, 'messages')
  const rows = openPluginTables(db, dialect, null).table(name, messages)
  const read = prepare(db, (param: Param<Place>) => readQuery(db, dialect, name, param))
  return {
    insert: async (texts) => {
      const sentAt = wholeMilliseconds(dialect, databaseTime(dialect))
      const expiresAt = sql<number>`${sentAt} + ${sql.lit(KEPT + ALLOWANCE)}`
      const values = texts.map((message) => ({
        sent_at: sentAt,
        id: crypto.randomUUID(),
        message,
        expires_at: expiresAt,
      }))
      await db.insertInto(name).values(values).execute()
    },
    readAfter: async (place) => {
      const found = (await read(place)).rows
      const page = found.filter(({ id }) => id !== null).map(toMessageRow)
      return { now: Number(found[0]?.now), rows: page, isFull: page.length === PAGE }
    },
    removeExpired: async (now) => {
      while ((await rows.remove({ expiresAt: { below: new Date(now) } }, PAGE)) === PAGE);
    },
  }
}

interface Found {
  readonly now: unknown
  readonly sentAt: unknown
  readonly id: unknown
  readonly message: unknown
}

/** One row without a message if there is none: the time is read in any case. */
function readQuery(db: AnyKysely, dialect: DialectName, name: string, param: Param<Place>) {
  const [sentAt, id] = [sql.ref('latchkey_m.sent_at'), sql.ref('latchkey_m.id')]
  const place = { sentAt: param('sentAt'), id: param('id') }
  const time = db.selectNoFrom(statementTime(dialect).as('read_at')).as('latchkey_now')
  return db
    .selectFrom(time)
    .leftJoin(`${name} as latchkey_m`, (join) =>
      // The first condition is the one that an index answers.
      join.on(sql<boolean>`${sentAt} >= ${place.sentAt} and (${sentAt} > ${place.sentAt} or ${id} > ${place.id})`),
    )
    .select([
      sql<unknown>`${sql.ref('latchkey_now.read_at')}`.as('now'),
      sql<unknown>`${sentAt}`.as('sentAt'),
      sql<unknown>`${id}`.as('id'),
      sql<unknown>`${sql.ref('latchkey_m.message')}`.as('message'),
    ])
    .orderBy(sentAt)
    .orderBy(id)
    .limit(sql.lit(PAGE))
    .$castTo<Found>()
}

function toMessageRow({ sentAt, id, message }: Found): MessageRow {
  // A plugin of the app's Kysely may have parsed a text that is JSON.
  return {
    sentAt: Number(sentAt),
    id: String(id),
    message: typeof message === 'string' ? message : JSON.stringify(message),
  }
}

/** The time when the statement began, or a little earlier: it sees every row that was there then. */
function statementTime(dialect: DialectName): RawBuilder<number> {
  if (dialect === 'postgres') return sql<number>`(extract(epoch from statement_timestamp()) * 1000)::float8`
  if (dialect === 'sqlite') return databaseTime(dialect)
  return sql<number>`(timestampdiff(microsecond, timestamp'1970-01-01 00:00:00', utc_timestamp(6)) / 1000)`
}

function wholeMilliseconds(dialect: DialectName, time: RawBuilder<number>): RawBuilder<number> {
  if (dialect === 'postgres') return sql<number>`floor(${time})::bigint`
  return dialect === 'sqlite' ? sql<number>`cast(${time} as integer)` : sql<number>`cast(floor(${time}) as signed)`
}
