import { type Column, instant, integer, type Row, type Table, table, type TableSpec, text, user } from '@latchkey/core'

type SecretColumns = {
  readonly user: Column<string>
  /** The enrolment: another one has another id, though it is the same user. */
  readonly enrolment: Column<string>
  /** Sealed. */
  readonly secret: Column<string>
  /** The time step of the last code that was accepted: none is accepted twice. */
  readonly lastStep: Column<number>
  readonly confirmedAt: Column<Date>
}
type SecretSpec = TableSpec<SecretColumns, readonly [readonly ['user']]>

type EnrolmentColumns = {
  readonly user: Column<string>
  readonly enrolment: Column<string>
  /** Sealed. */
  readonly secret: Column<string>
  readonly expires: Column<Date>
}
type EnrolmentSpec = TableSpec<EnrolmentColumns, readonly [readonly ['user']]>

type BackupCodeColumns = {
  readonly digest: Column<string>
  readonly user: Column<string>
}
type BackupCodeSpec = TableSpec<BackupCodeColumns, readonly [readonly ['digest']]>

const secrets: SecretSpec = table(
  { user: user(), enrolment: text(), secret: text(), lastStep: integer(), confirmedAt: instant() },
  { unique: [['user']] },
)

/** Second factors of which no code has been given yet. They count for nothing. */
const enrolments: EnrolmentSpec = table(
  { user: user(), enrolment: text(), secret: text(), expires: instant() },
  { unique: [['user']], expires: 'expires' },
)

const backupCodes: BackupCodeSpec = table({ digest: text(), user: user() }, { unique: [['digest']] })

export const tables: {
  readonly secrets: SecretSpec
  readonly enrolments: EnrolmentSpec
  readonly backupCodes: BackupCodeSpec
} = { secrets, enrolments, backupCodes }

/** The tables, opened. */
export interface Tables {
  readonly secrets: Table<SecretSpec>
  readonly enrolments: Table<EnrolmentSpec>
  readonly backupCodes: Table<BackupCodeSpec>
}

export type SecretRow = Row<SecretSpec>
