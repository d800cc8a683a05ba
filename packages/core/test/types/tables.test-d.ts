import { describe, expectTypeOf, test } from 'vitest'
import {
  boolean,
  instant,
  integer,
  type Key,
  json,
  nullable,
  type NumericColumn,
  type PrimaryKey,
  type Row,
  type Table,
  table,
  text,
  user,
  type Where,
} from '@latchkey/core'

const spec = table(
  {
    code: text(),
    owner: user(),
    uses: integer(),
    isOpen: boolean(),
    until: nullable(instant()),
    note: nullable(text(), { since: 2 }),
    data: json<{ team: string }>(),
  },
  { unique: [['code'], ['owner', 'uses']], indexes: [['owner', 'until']], expires: 'until' },
)
type Spec = typeof spec
declare const codes: Table<Spec>
declare const row: Row<Spec>

describe('what a table infers', () => {
  test('a row has every column, in its type', () => {
    expectTypeOf<Row<Spec>>().toEqualTypeOf<{
      readonly code: string
      readonly owner: string
      readonly uses: number
      readonly isOpen: boolean
      readonly until: Date | null
      readonly note: string | null
      readonly data: { team: string }
    }>()
    expectTypeOf(codes.get).returns.resolves.toEqualTypeOf<Row<Spec> | null>()
    expectTypeOf(codes.take).returns.resolves.toEqualTypeOf<Row<Spec> | null>()
    expectTypeOf(codes.list).returns.resolves.toEqualTypeOf<readonly Row<Spec>[]>()
  })

  test('a key is all columns of one of the unique keys', () => {
    expectTypeOf<Key<Spec>>().toEqualTypeOf<
      { readonly code: string } | { readonly owner: string; readonly uses: number }
    >()
    expectTypeOf<PrimaryKey<Spec>>().toEqualTypeOf<{ readonly code: string }>()
  })

  test('only numbers that are never null are counted', () => {
    expectTypeOf<NumericColumn<Spec>>().toEqualTypeOf<'uses'>()
  })

  test('a condition is a value, null, or a range of a number or an instant', () => {
    expectTypeOf<NonNullable<Where<Spec>['note']>>().toEqualTypeOf<string>()
    expectTypeOf<null>().toExtend<Where<Spec>['note']>()
    expectTypeOf<{ below: Date; above: Date }>().toExtend<Where<Spec>['until']>()
    expectTypeOf<{ below: number }>().toExtend<Where<Spec>['uses']>()
    expectTypeOf<null>().not.toExtend<Where<Spec>['uses']>()
  })
})

test('what is right compiles', () => {
  void (() => [
    codes.insert(row),
    codes.get({ owner: 'ada', uses: 1 }),
    codes.list({ where: { isOpen: true, until: null }, limit: 10, after: row }),
    codes.update({ until: { below: new Date() } }, { note: null }),
    codes.take({ code: 'a' }, { uses: { below: 3 } }),
    codes.remove({ owner: 'ada' }, 100),
    codes.increment(row, 'uses', 2),
  ])
})

test('mistakes do not compile', () => {
  void (() => {
    // @ts-expect-error a column is missing
    void codes.insert({ code: 'a' })
    // @ts-expect-error half a key
    void codes.get({ uses: 1 })
    // @ts-expect-error in no key
    void codes.get({ note: 'a' })
    // @ts-expect-error a text is not compared by time
    void codes.remove({ code: { below: new Date() } })
    // @ts-expect-error an instant is not compared with a number
    void codes.remove({ until: { below: 1 } })
    // @ts-expect-error JSON is in no condition
    void codes.remove({ data: { team: 'a' } })
    // @ts-expect-error never null
    void codes.update({ code: 'a' }, { uses: null })
    // @ts-expect-error there is no such column
    void codes.update({ code: 'a' }, { used: 1 })
    // @ts-expect-error only numbers are counted
    void codes.increment(row, 'code')
    // @ts-expect-error a page has an end
    void codes.list({})
    // @ts-expect-error rows come after a primary key
    void codes.list({ limit: 1, after: { uses: 1 } })
    // @ts-expect-error a unique key of a column that isn't there
    table({ code: text() }, { unique: [['cod']] })
    // @ts-expect-error a table has a key
    table({ code: text() }, { unique: [] })
    // @ts-expect-error an index of a column that isn't there
    table({ code: text() }, { unique: [['code']], indexes: [['uses']] })
    // @ts-expect-error only a column that may be null can come later
    table({ code: text({ since: 2 }) }, { unique: [['code']] })
  })
})
