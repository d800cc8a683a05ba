import { describe, expect, test, vi } from 'vitest'
import {
  type Adapter,
  createAuth,
  definePlugin,
  instant,
  memoryAdapter,
  nullable,
  type Row,
  type Table,
  table,
  type TableStore,
  text,
  user,
} from '@latchkey/core'
import { openClock, SECRET } from '../support/auth.ts'

const rows = table({ id: text(), owner: user(), until: nullable(instant()) }, { unique: [['id']], expires: 'until' })
type Rows = Table<typeof rows>

/** Seconds of a test are not waited for: so soon a call counts as unanswered. */
const TIMEOUT = 0.3

/** An engine with a plug-in, and the table that the plug-in was given. */
function openEngine(adapter: Adapter, tables: TableStore | undefined, clock = openClock()) {
  let opened: Rows | undefined
  const plugin = definePlugin({ id: 'one', tables: { rows }, setup: (engine) => ((opened = engine.tables.rows), {}) })
  const auth = createAuth({
    secret: SECRET,
    session: { strategy: 'jwt' },
    adapter,
    ...(tables && { tables }),
    plugins: [plugin],
    adapterTimeout: TIMEOUT,
    clock: clock.read,
    logger: { error: () => {}, warn: () => {} },
  })
  if (!opened) throw new Error('the plug-in was not set up')
  return { auth, opened, clock }
}

/** The same store, whose tables don't answer while it is stopped. */
function openStore() {
  const memory = memoryAdapter()
  let isStopped = false
  let asked = 0
  const waitUnlessRunning = async () => {
    asked++
    if (isStopped) await new Promise(() => {})
  }
  const store: TableStore = {
    ...memory,
    table: (name, spec) => {
      const inner = memory.table(name, spec)
      return {
        ...inner,
        get: async (key) => {
          await waitUnlessRunning()
          return inner.get(key)
        },
        list: async (query) => {
          await waitUnlessRunning()
          return inner.list(query)
        },
      }
    },
  }
  return {
    memory,
    store,
    stop: () => void (isStopped = true),
    goOn: () => void (isStopped = false),
    countAsked: () => asked,
  }
}

/** An adapter as another library's is: it keeps no tables. */
function foreignAdapter() {
  return { getUser: (id: string) => ({ id }), deleteUser: vi.fn<(id: string) => void>() } satisfies Adapter
}

const rowOf = (fields: Partial<Row<typeof rows>> = {}) => ({
  id: crypto.randomUUID(),
  owner: 'ada',
  until: null,
  ...fields,
})

/** Waits until the background has nothing left to do that needs no pause. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('C14 a store of tables that has fallen silent', () => {
  test('costs the first calls their time, and the others fail without being asked', async () => {
    const { store, stop, goOn, countAsked } = openStore()
    const { opened } = openEngine(foreignAdapter(), store)
    expect(await opened.get({ id: 'a' })).toBeNull()
    stop()
    const refused = { kind: 'AdapterError' }
    await expect(opened.get({ id: 'a' })).rejects.toMatchObject(refused)
    const before = countAsked()
    const later = await Promise.allSettled(Array.from({ length: 20 }, () => opened.get({ id: 'a' })))
    expect(later.map((result) => result.status === 'rejected' && result.reason)).toMatchObject(
      Array.from({ length: 20 }, () => refused),
    )
    // One probe for all of them.
    expect(countAsked()).toBe(before + 1)
    goOn()
    await vi.waitFor(async () => expect(await opened.get({ id: 'a' })).toBeNull(), 5_000)
  })

  test('is an AdapterError of the adapter’s own tables too', async () => {
    const { memory, store, stop } = openStore()
    const { opened } = openEngine({ ...memory, table: store.table }, undefined)
    expect(await opened.get({ id: 'a' })).toBeNull()
    stop()
    await expect(opened.get({ id: 'a' })).rejects.toMatchObject({ kind: 'AdapterError' })
  })

  test('a value that no column holds is an AdapterError with its reason, and nothing is written', async () => {
    const { opened } = openEngine(memoryAdapter(), undefined)
    await expect(opened.insert(rowOf({ id: '\0' }))).rejects.toMatchObject({
      kind: 'AdapterError',
      cause: { name: 'TypeError' },
    })
    expect(await opened.list({ limit: 9 })).toEqual([])
  })
})

describe('a user who is deleted', () => {
  test('takes their rows along, where another library keeps the users', async () => {
    const adapter = foreignAdapter()
    const store = memoryAdapter()
    for (const id of ['ada', 'bob']) await store.createUser({ id })
    const { auth, opened } = openEngine(adapter, store)
    await opened.insert(rowOf())
    const left = rowOf({ owner: 'bob' })
    await opened.insert(left)
    await auth.deleteUser?.('ada')
    expect(adapter.deleteUser).toHaveBeenCalledExactlyOnceWith('ada')
    expect(await opened.list({ limit: 9 })).toEqual([left])
  })

  test('takes their rows along, in the adapter’s own tables', async () => {
    const adapter = memoryAdapter()
    await adapter.createUser({ id: 'ada' })
    const { auth, opened } = openEngine(adapter, undefined)
    await opened.insert(rowOf())
    await auth.deleteUser('ada')
    expect(await opened.list({ limit: 9 })).toEqual([])
  })
})

describe('M22 what has expired is deleted by itself', () => {
  test.each(['the adapter’s own tables', 'tables beside another library’s adapter'])('in %s', async (where) => {
    const clock = openClock()
    const memory = memoryAdapter()
    await memory.createUser({ id: 'ada' })
    const isBeside = where.startsWith('tables')
    const { opened } = openEngine(isBeside ? foreignAdapter() : memory, isBeside ? memory : undefined, clock)
    const until = new Date(clock.read().getTime() + 1_000)
    await opened.insert(rowOf({ until }))
    const stays = rowOf()
    await opened.insert(stays)
    await settle()
    expect(await opened.list({ limit: 9 })).toHaveLength(2)
    clock.turn(2 * 3_600)
    const fresh = rowOf({ until: new Date(clock.read().getTime() + 1_000) })
    await opened.insert(fresh)
    await settle()
    const left = await opened.list({ limit: 9 })
    expect(new Set(left.map(({ id }) => id))).toEqual(new Set([stays.id, fresh.id]))
  })
})
