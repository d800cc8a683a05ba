import { boundedSuperjson } from '@latchkey/superjson'
import superjson, { SuperJSON } from 'superjson'
import { describe, expect, test } from 'vitest'
import { openEcho, openSocket, post } from './support/app.ts'

/* oxlint-disable unicorn/no-thenable -- inputs that a stranger sends */

const list = <T>(length: number, item: (index: number) => T) => Array.from({ length }, (_, index) => item(index))
const fields = <T>(length: number, field: (index: number) => [string, T]) => Object.fromEntries(list(length, field))
const nested = (depth: number, innermost: unknown): unknown =>
  list(depth, () => 'a').reduce((inner, key) => ({ [key]: inner }), innermost)

/** `size` is how much of it there is. */
interface Attack {
  readonly attack: string
  readonly size: number
  readonly json: (size: number) => unknown
  readonly values?: (size: number) => unknown
  readonly references?: (size: number) => unknown
}

const bodyOf = ({ json, values, references }: Attack, size: number) => ({
  json: json(size),
  meta: { v: 1, values: values?.(size), referentialEqualities: references?.(size) },
})

const DATE = '2026-01-01T12:00:00.000Z'
const DATES: Attack = {
  attack: 'dates in a list, as a client sends them',
  size: 1000,
  json: (size) => list(size, () => ({ at: DATE })),
  values: (size) => fields(size, (index) => [`${index}.at`, ['Date']]),
}

/** What is refused by what was sent alone: superjson isn't asked at all. */
const ATTACKS: readonly Attack[] = [
  {
    attack: 'items of a Set that is counted through for each',
    size: 3000,
    json: (size) => ({ a: list(size, String) }),
    values: (size) => ({ a: ['set'], ...fields(size, (index) => [`a.${index}`, ['number']]) }),
  },
  {
    attack: 'items of a Map that is counted through for each',
    size: 3000,
    json: (size) => ({ a: list(size, (index) => [String(index), '1']) }),
    values: (size) => ({ a: ['map'], ...fields(size, (index) => [`a.${index}.1`, ['number']]) }),
  },
  {
    attack: 'many dates at the end of one long way',
    size: 200,
    json: (size) =>
      nested(
        size,
        fields(size, (index) => [`k${index}`, DATE]),
      ),
    values: (size) => ({
      [list(size, () => 'a').join('.')]: fields(size, (index) => [`k${index}`, ['Date']]),
    }),
  },
  {
    attack: 'a deep tree of annotations',
    size: 1000,
    json: (size) => nested(size, DATE),
    values: (size) => nested(size, ['Date']),
  },
  {
    attack: 'a Set made of itself, by all the spellings of its index',
    size: 100,
    json: () => ({ a: [list(3000, String)] }),
    values: (size) => fields(size, (index) => [`a.${'0'.repeat(index + 1)}`, ['set']]),
  },
  {
    attack: 'numbers for a Set that may all share a bucket',
    size: 20_000,
    json: (size) => list(size, (index) => index),
    values: () => ['set'],
  },
  {
    attack: 'numbers for a Map that may all share a bucket',
    size: 20_000,
    json: (size) => list(size, (index) => [index, 0]),
    values: () => ['map'],
  },
  {
    attack: 'more dates than the steps allow',
    size: 20_000,
    json: (size) => list(size, () => ({ at: DATE })),
    values: (size) => fields(size, (index) => [`${index}.at`, ['Date']]),
  },
  { attack: 'a BigInt of many digits', size: 50_000, json: (size) => '9'.repeat(size), values: () => ['bigint'] },
  {
    attack: 'a BigInt of many digits in a list',
    size: 50_000,
    json: (size) => ['9'.repeat(size)],
    values: () => ['bigint'],
  },
  {
    attack: 'a URL with many accents in its host',
    size: 50_000,
    json: (size) => `http://a${'\u0301'.repeat(size)}`,
    values: () => ['URL'],
  },
  {
    attack: 'a RegExp of all strings that are emoji',
    size: 10,
    json: (size) => `/${'\\p{RGI_Emoji}'.repeat(size)}/iv`,
    values: () => ['regexp'],
  },
  {
    attack: 'a RegExp of letters',
    size: 100,
    json: (size) => `/[${'\\p{L}'.repeat(size)}]/u`,
    values: () => ['regexp'],
  },
  { attack: 'a typed array of a size', size: 1e9, json: (size) => size, values: () => [['typed-array', 'Uint8Array']] },
  {
    attack: 'a typed array of a length',
    size: 1e9,
    json: (length) => ({ length }),
    values: () => [['typed-array', 'Uint8Array']],
  },
  {
    attack: 'an item far beyond the end of a list',
    size: 4_294_967_290,
    json: () => [],
    values: (size) => ({ [size]: ['undefined'] }),
  },
  { attack: 'a text for a tree, which has itself for a child', size: 1, json: () => 1, values: () => 'a' },
  { attack: 'a text below an annotation', size: 1, json: () => [1], values: () => ['set', 'a'] },
  { attack: 'an annotation of three parts', size: 1, json: () => [1], values: () => ['set', {}, {}] },
  { attack: 'a path into a text', size: 1, json: () => 'text', values: () => ({ length: ['Date'] }) },
  { attack: 'a path to what is inherited', size: 1, json: () => ({}), values: () => ({ toString: ['undefined'] }) },
  { attack: 'a path through nothing', size: 1, json: () => ({}), values: () => ({ 'a.b': ['Date'] }) },
  {
    attack: 'a path with half an escape',
    size: 1,
    json: () => ({ 'a\\b': DATE }),
    values: () => ({ 'a\\b': ['Date'] }),
  },
  { attack: '__proto__ as a path', size: 1, json: () => ({}), values: () => ({ '__proto__.polluted': ['undefined'] }) },
  {
    attack: 'the prototype of the constructor as a path',
    size: 1,
    json: () => ({ a: 1 }),
    values: () => ({ 'a.constructor.prototype.polluted': ['undefined'] }),
  },
  {
    attack: 'more references than the steps allow',
    size: 20_000,
    json: (size) => ({ a: {}, b: list(size, () => null) }),
    references: (size) => ({ a: list(size, (index) => `b.${index}`) }),
  },
  {
    attack: 'few references with paths of many letters',
    size: 50_000,
    json: () => ({ a: {} }),
    references: (size) => ({ a: list(4, (index) => `${'a'.repeat(size)}${index}`) }),
  },
  { attack: 'references that are a text', size: 1, json: () => ({}), references: () => 'text' },
  { attack: 'a reference to a number', size: 1, json: () => ({ a: {} }), references: () => ({ a: [1] }) },
]

/** What shows only in the value: superjson has converted it, and has put no more references in place than were paid for. */
const ATTACKS_BY_REFERENCE: readonly Attack[] = [
  {
    attack: 'references through a Set that is counted through for each',
    size: 3000,
    json: (size) => ({ a: list(size, (index) => [index]), b: {} }),
    values: () => ({ a: ['set'] }),
    references: (size) => ({ b: list(size, () => `a.${size - 1}.0`) }),
  },
  {
    attack: 'objects in each other, doubling every time',
    size: 30,
    json: (size) => fields(size, (index) => [`k${index}`, { left: null, right: null }]),
    references: (size) => fields(size - 1, (at) => [`k${at + 1}`, [`k${at}.left`, `k${at}.right`]]),
  },
  {
    attack: 'the longest of lists, a hundred times in one and that a hundred times in another',
    size: 100,
    json: (size) => ({ a: list(size, () => 0), b: list(size, () => null), c: list(size, () => null) }),
    references: (size) => ({ a: list(size, (index) => `b.${index}`), b: list(size, (index) => `c.${index}`) }),
  },
  {
    attack: 'a list made long by one reference',
    size: 4_294_967_290,
    json: () => ({ a: {}, b: [] }),
    references: (size) => ({ a: [`b.${size}`] }),
  },
  {
    attack: 'a function that makes whoever awaits the input wait for ever',
    size: 1,
    json: () => ({ a: [], then: null }),
    references: () => ({ 'a.push': ['then'] }),
  },
  {
    attack: 'a method of a date',
    size: 1,
    json: () => ({ a: DATE, then: null }),
    values: () => ({ a: ['Date'] }),
    references: () => ({ 'a.getTime': ['then'] }),
  },
  {
    attack: 'a method reached through another reference',
    size: 1,
    json: () => ({ a: { push: {} }, b: [], then: null }),
    references: () => ({ b: ['a'], 'a.push': ['then'] }),
  },
  {
    attack: 'a method of a text',
    size: 1,
    json: () => ({ a: 'text', then: null }),
    references: () => ({ 'a.at': ['then'] }),
  },
  {
    attack: '__proto__ as a reference',
    size: 1,
    json: () => ({ a: { polluted: 'yes' } }),
    references: () => ({ a: ['__proto__'] }),
  },
  {
    attack: 'no number as an index, to break the arithmetic',
    size: 30,
    json: (size) => ({ z: [], ...fields(size, (index) => [`k${index}`, { left: null, right: null }]) }),
    references: (size) => ({
      k0: ['z.NaN'],
      ...fields(size - 1, (at) => [`k${at + 1}`, [`k${at}.left`, `k${at}.right`]]),
    }),
  },
]

const MALFORMED: readonly { readonly what: string; readonly body: unknown }[] = [
  { what: 'null', body: null },
  { what: 'a list', body: [] },
  { what: 'a text', body: 'text' },
  { what: 'a meta that is a text', body: { json: 1, meta: 'text' } },
  { what: 'a version that is a text', body: { json: 1, meta: { v: '1' } } },
  { what: 'a type that nobody knows', body: { json: 1, meta: { v: 1, values: ['nonsense'] } } },
  { what: 'a class that nobody registered', body: { json: {}, meta: { v: 1, values: [['class', 'Nobody']] } } },
]

const REFUSED = { status: 400, kind: 'InvalidInput', message: 'InvalidInput: The input is not valid.', data: undefined }

describe('T05 T09 hostile superjson', () => {
  test('what a client sends is accepted', async () => {
    const { url } = await openEcho()
    const { status, data } = await post(url, bodyOf(DATES, DATES.size))
    expect([status, data]).toEqual([200, list(DATES.size, () => ({ at: new Date(DATE) }))])
  })

  test.each(ATTACKS)('$attack: refused before superjson is asked', async (attack) => {
    const { url, takeCalls } = await openEcho()
    expect(await post(url, bodyOf(attack, attack.size))).toEqual(REFUSED)
    expect(takeCalls()).toBe(0)
    expect({}).not.toHaveProperty('polluted')
  })

  test.each(ATTACKS_BY_REFERENCE)('$attack: refused', async (attack) => {
    const { url, takeCalls } = await openEcho({ maxSteps: 10_000 })
    expect(await post(url, bodyOf(attack, attack.size))).toEqual(REFUSED)
    expect(takeCalls()).toBeLessThan(10_000)
    expect({}).not.toHaveProperty('polluted')
  })

  test.each(MALFORMED)('$what: refused', async ({ body }) => {
    const { url } = await openEcho()
    expect(await post(url, body)).toEqual(REFUSED)
  })

  test('each call of a batch is looked at on its own, and one that is refused fails its batch', async () => {
    const { url } = await openEcho()
    const headers = { 'content-type': 'application/json' }
    const good = bodyOf(DATES, 1)
    const send = (body: object) =>
      fetch(`${url}/echo,echo?batch=1`, { method: 'POST', headers, body: JSON.stringify(body) })
    expect((await send({ 0: good, 1: good })).status).toBe(200)
    expect((await send({ 0: good, 1: bodyOf(ATTACKS[0]!, 3000) })).status).toBe(400)
  })

  test('a query is refused like a mutation', async () => {
    const { url } = await openEcho()
    const ask = (body: object) => fetch(`${url}/hear?input=${encodeURIComponent(JSON.stringify(body))}`)
    expect((await ask(bodyOf(DATES, 1))).status).toBe(200)
    expect((await ask({ json: 1, meta: { values: 'a' } })).status).toBe(400)
  })
})

test('T12 over a socket an input is refused too, and the socket lives on', async () => {
  const { send } = await openSocket()
  const mutation = (id: number, input: unknown) => ({ id, method: 'mutation', params: { path: 'echo', input } })
  expect(await send(mutation(1, bodyOf(DATES, 1)))).toMatchObject({ id: 1, result: { type: 'data' } })
  const refused = await send(mutation(2, bodyOf(ATTACKS[0]!, 3000)))
  expect(refused).toMatchObject({ error: { json: { message: REFUSED.message, data: { kind: 'InvalidInput' } } } })
  expect(await send(mutation(3, bodyOf(DATES, 1)))).toMatchObject({ id: 3, result: { type: 'data' } })
})

describe('T05 cost', () => {
  /** The steps that everybody together takes through a Set, for references through its last item. */
  function countThrough(size: number): number {
    let steps = 0
    class Counting extends Set<unknown> {
      override keys() {
        const keys = super.keys()
        const next = keys.next.bind(keys)
        return Object.assign(keys, { next: () => (steps++, next()) })
      }
    }
    const instance = new SuperJSON()
    instance.registerCustom<Counting, string[]>(
      {
        isApplicable: (value): value is Counting => value instanceof Counting,
        serialize: (value) => [...value].map(String),
        deserialize: (items) => new Counting(items),
      },
      'counting',
    )
    const body = {
      json: { a: list(size, (index) => ({ index, it: null })), b: {} },
      meta: {
        v: 1,
        values: { a: [['custom', 'counting']] },
        referentialEqualities: { b: list(size, () => `a.${size - 1}.it`) },
      },
    }
    const deserialize = () => boundedSuperjson(instance).input.deserialize(body)
    if (size > 1000) expect(deserialize).toThrow('InvalidInput')
    else deserialize()
    return steps
  }

  test('counting through a Set is paid for: twice as much of an attack costs no more than the attack', () => {
    expect(countThrough(500)).toBeGreaterThan(500 * 499) // it counts
    const most = 20_000 * 100
    expect(countThrough(3000)).toBeLessThan(3 * most)
    expect(countThrough(6000)).toBeLessThan(3 * most)
    expect(countThrough(12_000)).toBeLessThan(3 * most)
  })

  test('maxSteps says how much', async () => {
    const dates = bodyOf(DATES, 100) // two segments each
    expect((await post((await openEcho({ maxSteps: 200 })).url, dates)).status).toBe(200)
    expect((await post((await openEcho({ maxSteps: 199 })).url, dates)).kind).toBe('InvalidInput')
  })
})

describe('C7 options', () => {
  test.each([0, -1, Number.NaN])('maxSteps %s is refused at construction', (maxSteps) => {
    expect(() => boundedSuperjson(superjson, { maxSteps })).toThrow('Configuration: maxSteps: pass a positive number')
  })

  test('a superjson that always copies is refused at construction', () => {
    const old = {
      serialize: superjson.serialize,
      deserialize: (payload: { json?: unknown }) => structuredClone(payload.json),
    }
    expect(() => boundedSuperjson(old)).toThrow('Configuration: superjson: install 2.2.3 or later')
  })
})
