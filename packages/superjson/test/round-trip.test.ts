import { isDeepStrictEqual } from 'node:util'
import { boundedSuperjson } from '@latchkey/superjson'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import fc from 'fast-check'
import superjson, { SuperJSON } from 'superjson'
import { describe, expect, test } from 'vitest'
import { type EchoRouter, createEchoRouter, serve } from './support/app.ts'

class Money {
  readonly amount: bigint
  readonly at: Date
  constructor(amount: bigint, at: Date) {
    this.amount = amount
    this.at = at
  }
}
/** Known by a transformer of the app's. */
class Point {
  readonly x: number
  readonly y: number
  constructor(x: number, y: number) {
    this.x = x
    this.y = y
  }
}
const SYMBOL = Symbol('registered')

function createInstance(options?: ConstructorParameters<typeof SuperJSON>[0]): SuperJSON {
  const instance = new SuperJSON(options)
  instance.registerClass(Money, 'Money')
  instance.registerSymbol(SYMBOL, 'registered')
  instance.registerCustom<Point, string>(
    {
      isApplicable: (value): value is Point => value instanceof Point,
      serialize: ({ x, y }) => `${x}|${y}`,
      deserialize: (text) => {
        const [x = 0, y = 0] = text.split('|').map(Number)
        return new Point(x, y)
      },
    },
    'Point',
  )
  return instance
}

/** Keys as they give trouble: with dots and backslashes, numbers, names that everything inherits. */
const key = fc.oneof(
  fc.constantFrom('a', 'b', 'a.b', 'a\\b', '\\.', '.', '', '0', '1', '00', '-1', 'length', 'toString', 'then'),
  fc.string({ maxLength: 4 }).filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name)),
)

const leaf = fc.oneof(
  fc.anything({ maxDepth: 0 }),
  fc.date({ noInvalidDate: true }),
  fc.bigInt(),
  fc.double(),
  fc.webUrl().map((url) => new URL(url)),
  fc.constantFrom<unknown>(
    undefined,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    /a.b\/\p{L}/giu,
    SYMBOL,
    new Error('no'),
  ),
  fc.uint8Array(),
  fc.float32Array({ noNaN: true, noDefaultInfinity: true }),
  fc.tuple(fc.bigInt(), fc.date({ noInvalidDate: true })).map(([amount, at]) => new Money(amount, at)),
  fc.tuple(fc.integer(), fc.integer()).map(([x, y]) => new Point(x, y)),
)

/** Trees of everything that superjson knows. */
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
    fc.array(tie('tree'), { maxLength: 4 }).map((items) => new Set(items)),
    fc.array(fc.tuple(tie('tree'), tie('tree')), { maxLength: 3 }).map((entries) => new Map(entries)),
    tie('tree').map((cause) => new Error('outer', { cause })),
  ),
}))

/** Graphs: some objects that hold each other, in circles too. */
const graph = fc
  .array(
    fc.record({
      shape: fc.constantFrom('object', 'list', 'set', 'map'),
      links: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
      value: leaf,
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((plans) => {
    const nodes = plans.map(({ shape }) =>
      shape === 'object' ? {} : shape === 'list' ? [] : shape === 'set' ? new Set() : new Map(),
    )
    for (const [index, { links, value }] of plans.entries()) {
      const children = [value, ...links.map((link) => nodes[link % nodes.length])]
      const node = nodes[index]
      for (const [at, child] of children.entries()) {
        if (node instanceof Set) node.add(child)
        else if (node instanceof Map) node.set(at % 2 ? child : `k.${at}`, at % 2 ? at : child)
        else if (Array.isArray(node)) node.push(child)
        else Object.assign(node ?? {}, { [`k.${at}`]: child })
      }
    }
    return nodes[0]
  })

/** As the value would arrive by superjson alone; nothing if superjson can't carry it. */
function arrive(value: unknown, instance: SuperJSON): { readonly sent: string; readonly arrived: unknown } | null {
  try {
    const sent = instance.stringify(value)
    return { sent, arrived: instance.deserialize(JSON.parse(sent)) }
  } catch {
    return null
  }
}

describe.each([
  { named: 'as it comes', instance: createInstance() },
  { named: 'with dedupe', instance: createInstance({ dedupe: true }) },
])('superjson $named', ({ instance }) => {
  const bounded = boundedSuperjson(instance)

  test.each([
    { of: 'trees of every type', values: tree },
    { of: 'graphs with circles', values: graph },
    {
      of: 'anything',
      values: fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withNullPrototype: true,
        withSparseArray: true,
        withTypedArray: true,
        withBoxedValues: true,
        key,
      }),
    },
  ])('$of arrive as they would without bounds, with every identity', ({ values }) => {
    let arrivals = 0
    fc.assert(
      fc.property(values, (value) => {
        const alone = arrive(value, instance)
        fc.pre(alone !== null)
        const result: unknown = bounded.input.deserialize(JSON.parse(alone.sent))
        expect(isDeepStrictEqual(result, alone.arrived)).toBe(true)
        // Writes out which places hold the same object.
        expect(instance.stringify(result)).toBe(instance.stringify(alone.arrived))
        arrivals++
      }),
      { numRuns: 2000 },
    )
    expect(arrivals).toBe(2000)
  })
})

test('a client of the first version of the format is understood', () => {
  const { input } = boundedSuperjson(superjson)
  const at = '2026-01-01T12:00:00.000Z'
  expect(
    input.deserialize({ json: { 'a.b': at, 'c\\d': at }, meta: { values: { 'a\\.b': ['Date'], 'c\\d': ['Date'] } } }),
  ).toEqual({
    'a.b': new Date(at),
    'c\\d': new Date(at),
  })
})

test('what a client sent is left as it was', () => {
  const payload = JSON.parse(superjson.stringify({ a: new Set([1]), at: new Date(0) })) as object
  const copy = structuredClone(payload)
  boundedSuperjson(superjson).input.deserialize(payload)
  expect(payload).toEqual(copy)
})

test('answers are not bounded: a client may be sent any number of dates', () => {
  const { output } = boundedSuperjson(superjson, { maxSteps: 1 })
  const dates = Array.from({ length: 100 }, (_, index) => new Date(index))
  expect(output.deserialize(output.serialize(dates))).toEqual(dates)
})

test.each(['bounded', 'superjson itself'])('over HTTP with %s on the client', async (side) => {
  const instance = createInstance()
  const router = createEchoRouter(boundedSuperjson(instance))
  const url = await serve(router)
  const transformer = side === 'bounded' ? boundedSuperjson(instance) : instance
  const client = createTRPCClient<EchoRouter>({ links: [httpBatchLink({ url, transformer })] })
  const shared = { tags: new Set(['x']) }
  const value = {
    at: new Date(0),
    big: 10n ** 30n,
    map: new Map([[{ key: 1 }, undefined]]),
    url: new URL('https://example.com/?q=1'),
    pattern: /\p{L}+/u,
    bytes: new Uint8Array([1, 2]),
    money: new Money(5n, new Date(1)),
    point: new Point(1, 2),
    shared: [shared, shared],
  }
  const [mutated, queried] = await Promise.all([client.echo.mutate(value), client.hear.query(value)])
  for (const answer of [mutated, queried]) {
    expect(isDeepStrictEqual(answer, value)).toBe(true)
    const { shared: pair } = answer as typeof value // it equals it
    expect(pair[0]).toBe(pair[1])
  }
})
