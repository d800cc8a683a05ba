import { describe, expect, test } from 'vitest'
import {
  boolean,
  type Columns,
  instant,
  integer,
  json,
  memoryAdapter,
  nullable,
  table,
  text,
  user,
} from '@latchkey/core'
import { tableName } from '@latchkey/core/store'

const TEXTS = { a: text(), b: text(), c: text(), d: text(), e: user(), n: integer(), o: boolean(), j: json() }

/** As an app without the compiler's help would call it. */
const define = (columns: object, options: object) => table(columns as Columns, options as { unique: [['a']] })

describe('a table that one of the databases could not keep is refused, and says why', () => {
  test('right ones are taken', () => {
    expect(() => define(TEXTS, { unique: [['a', 'b', 'c', 'n', 'o']], indexes: [['d', 'e']] })).not.toThrow()
    expect(define({ a1Bc: text(), until: instant() }, { unique: [['a1Bc']], expires: 'until', since: 3 })).toEqual({
      columns: { a1Bc: text(), until: instant() },
      unique: [['a1Bc']],
      indexes: [],
      expires: 'until',
      since: 3,
    })
  })

  test.each([
    { wrong: 'no unique key', options: { unique: [] }, says: /unique: / },
    { wrong: 'a key of nothing', options: { unique: [[]] }, says: /unique \(\): name at least one/ },
    { wrong: 'an unknown column', options: { unique: [['a', 'z']] }, says: /unique \(a, z\): .*'z'/ },
    { wrong: 'a name that every object has', options: { unique: [['toString']] }, says: /'toString'/ },
    { wrong: 'a column twice', options: { unique: [['a', 'a']] }, says: /twice/ },
    { wrong: 'four texts to a key', options: { unique: [['a', 'b', 'c', 'd']] }, says: /at most 3 columns of text/ },
    { wrong: 'a user among four', options: { unique: [['a', 'b', 'c', 'e']] }, says: /at most 3 columns of text/ },
    {
      wrong: 'four texts to an index',
      options: { unique: [['a']], indexes: [['a', 'b', 'c', 'd']] },
      says: /^indexes/,
    },
    { wrong: 'JSON in a key', options: { unique: [['j']] }, says: /json\(\) can't be/ },
    { wrong: 'JSON in an index', options: { unique: [['a']], indexes: [['j']] }, says: /json\(\) can't be/ },
    { wrong: 'an unknown column in an index', options: { unique: [['a']], indexes: [['z']] }, says: /'z'/ },
    { wrong: 'an expiry that is no instant', options: { unique: [['a']], expires: 'n' }, says: /expires: 'n'/ },
    { wrong: 'an expiry that is not there', options: { unique: [['a']], expires: 'z' }, says: /expires: .*'z'/ },
    { wrong: 'a migration of no number', options: { unique: [['a']], since: 0 }, says: /since: / },
    { wrong: 'a migration of half a number', options: { unique: [['a']], since: 1.5 }, says: /since: / },
  ])('$wrong', ({ options, says }) => {
    expect(() => define(TEXTS, options)).toThrow(says)
    expect(() => define(TEXTS, options)).toThrow(TypeError)
  })

  test.each([
    { wrong: 'null in a key', column: nullable(text()), key: 'later', says: /can't be nullable/ },
    { wrong: 'a number of no migration', column: nullable(text(), { since: -1 }), key: 'a', says: /columns\.later/ },
    { wrong: 'a column before its table', column: nullable(text(), { since: 1 }), key: 'a', says: /before the one/ },
  ])('$wrong', ({ column, key, says }) => {
    expect(() => define({ a: text(), later: column }, { unique: [[key]], since: 2 })).toThrow(says)
  })

  test.each([
    'Name',
    'a_name',
    'a-name',
    '1a',
    '',
    'aB',
    'a'.repeat(41),
    'a b',
    '__proto__',
    'constructor',
    'toString',
    'a"',
    'ä',
  ])('a column called %j', (name) => {
    const columns = Object.fromEntries([
      ['a', text()],
      [name, integer()],
    ])
    expect(() => define(columns, { unique: [['a']] })).toThrow(/columns\./)
  })
})

describe('names', () => {
  test('a table begins with its plug-in’s id, in snake_case', () => {
    expect(tableName('password', 'hashes')).toBe('password_hashes')
    expect(tableName('apiKey', 'usesPerDay')).toBe('api_key_uses_per_day')
    expect(tableName('api-keys', 'a1')).toBe('api_keys_a1')
  })

  test.each([
    ['', 'rows'],
    ['one', ''],
    ['One', 'rows'],
    ['one', 'ro ws'],
    ['one', 'rows"; drop table users; --'],
    ['one.two', 'rows'],
    ['x'.repeat(30), 'y'.repeat(30)],
  ])('%j with %j is none', (plugin, name) => {
    expect(() => tableName(plugin, name)).toThrow(TypeError)
    const spec = table({ a: text() }, { unique: [['a']] })
    expect(() => memoryAdapter().table(`${plugin}_${name}`, spec)).toThrow(TypeError)
  })
})
