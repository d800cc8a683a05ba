import {
  boolean,
  type Column,
  instant,
  integer,
  json,
  nullable,
  type Row,
  table,
  type TableSpec,
  text,
  user,
} from '@latchkey/core'

type PasskeyColumns = {
  readonly id: Column<string>
  readonly user: Column<string>
  /** From 0 to `maxPerUser` - 1: that it is unique keeps a person from having more. */
  readonly slot: Column<number>
  /** Of the credential's id, which is longer than a key of a table may be. */
  readonly digest: Column<string>
  readonly credential: Column<string>
  /** COSE, in base64url. */
  readonly publicKey: Column<string>
  readonly counter: Column<number>
  readonly transports: Column<readonly string[]>
  /** Whether it may be copied to other devices: never changes (WebAuthn Level 3 section 6.1.3). */
  readonly synced: Column<boolean>
  readonly backedUp: Column<boolean>
  readonly authenticator: Column<string>
  readonly name: Column<string>
  readonly createdAt: Column<Date>
  readonly lastUsedAt: Column<Date | null>
}
type PasskeySpec = TableSpec<PasskeyColumns, readonly [readonly ['id'], readonly ['digest'], readonly ['user', 'slot']]>

type HandleColumns = { readonly user: Column<string>; readonly handle: Column<string> }
type HandleSpec = TableSpec<HandleColumns, readonly [readonly ['user']]>

type RegistrationColumns = {
  readonly digest: Column<string>
  readonly user: Column<string>
  readonly session: Column<string>
  readonly expires: Column<Date>
}
type RegistrationSpec = TableSpec<RegistrationColumns, readonly [readonly ['digest']]>

type SpentColumns = { readonly digest: Column<string>; readonly expires: Column<Date> }
type SpentSpec = TableSpec<SpentColumns, readonly [readonly ['digest']]>

type SecretColumns = { readonly name: Column<string>; readonly secret: Column<string> }
type SecretSpec = TableSpec<SecretColumns, readonly [readonly ['name']]>

const passkeys: PasskeySpec = table(
  {
    id: text(),
    user: user(),
    slot: integer(),
    digest: text(),
    credential: text(),
    publicKey: text(),
    counter: integer(),
    transports: json<readonly string[]>(),
    synced: boolean(),
    backedUp: boolean(),
    authenticator: text(),
    name: text(),
    createdAt: instant(),
    lastUsedAt: nullable(instant()),
  },
  { unique: [['id'], ['digest'], ['user', 'slot']] },
)

/** What authenticators know a person by. */
const handles: HandleSpec = table({ user: user(), handle: text() }, { unique: [['user']] })

/** Challenges of registrations that have begun: each belongs to the session that asked. */
const registrations: RegistrationSpec = table(
  { digest: text(), user: user(), session: text(), expires: instant() },
  { unique: [['digest']], expires: 'expires' },
)

/** Challenges that somebody has signed in with. */
const spent: SpentSpec = table({ digest: text(), expires: instant() }, { unique: [['digest']], expires: 'expires' })

const secrets: SecretSpec = table({ name: text(), secret: text() }, { unique: [['name']] })

interface Tables {
  readonly passkeys: PasskeySpec
  readonly handles: HandleSpec
  readonly registrations: RegistrationSpec
  readonly spent: SpentSpec
  readonly secrets: SecretSpec
}

export const tables: Tables & Readonly<Record<string, TableSpec>> = {
  passkeys,
  handles,
  registrations,
  spent,
  secrets,
}

export type PasskeyRow = Row<PasskeySpec>
export type PasskeyTables = Tables
