import { memoryAdapter } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { openLiveApp, record, signInByCookie, TOKEN_FLOW, until } from '../support/live-app.ts'
import { openStore } from '../support/store.ts'

/** Two instances with one store, and no bus between them; the stream is in the first. */
async function openTwo(strategy: 'jwt' | 'database') {
  const { adapter } = await openStore([{ id: 'ann', name: 'ann', email: null, role: 'admin' }])
  const [here, there] = [
    await openLiveApp({ strategy, adapter, revalidateAge: '1s' }),
    await openLiveApp({ strategy, adapter }),
  ]
  const cookie = await signInByCookie(here)
  return { here, there, cookie, adapter }
}

type Two = Awaited<ReturnType<typeof openTwo>>

const ENDS: readonly { readonly how: string; readonly end: (two: Two) => Promise<unknown> }[] = [
  { how: 'signed out in another instance', end: ({ there, cookie }) => there.http({ cookie }).auth.signOut.mutate() },
  { how: 'revoked in the store', end: ({ adapter }) => adapter.revokeSessions({ userId: 'ann', now: new Date() }) },
  { how: 'its user is deleted in the store', end: ({ adapter }) => adapter.deleteUser('ann') },
]

describe.each(['jwt', 'database'] as const)('without a shared bus, under the %s strategy', (strategy) => {
  test.each(ENDS)('M02 S14 a guarded stream ends: $how', async ({ end }) => {
    const two = await openTwo(strategy)
    const { silent } = two.here.socket({ cookie: two.cookie })
    const live = record((handlers) => silent.subscribe(undefined, handlers))
    await until(() => live.items.length === 1)
    await end(two)
    expect(await live.over).toBe('SessionRevoked')
    await until(() => two.here.openWatches() === 0)
  })

  test.each(ENDS)('M02 S14 onSessionChange says null and ends: $how', async ({ end }) => {
    const two = await openTwo(strategy)
    const { auth } = two.here.events({ cookie: two.cookie })
    const live = record((handlers) => auth.onSessionChange.subscribe(undefined, handlers))
    await until(() => live.items.length === 1)
    await end(two)
    expect(await live.over).toBe('complete')
    expect(live.items.at(-1)).toBeNull()
  })

  test('M02 H12 a role that is taken away ends the stream that asked for it, and onSessionChange tells', async () => {
    const { here, cookie, adapter } = await openTwo(strategy)
    const client = here.socket({ cookie })
    const forAdmins = record((handlers) => client.forAdmins.subscribe(undefined, handlers))
    const changes = record<{ roles: readonly string[] } | null>((handlers) =>
      client.auth.onSessionChange.subscribe(undefined, handlers),
    )
    await until(() => forAdmins.items.length === 1 && changes.items.length === 1)
    expect(changes.items[0]?.roles).toEqual(['admin'])
    await adapter.updateUser({ id: 'ann', role: 'member' })
    expect(await forAdmins.over).toBe('AccessDenied')
    await until(() => changes.items.length === 2)
    expect(changes.items[1]?.roles).toEqual(['member'])
    changes.stop()
    await until(() => here.openWatches() === 0)
  })
})

test('M02 the stream of an access token asks for its row', async () => {
  const adapter = memoryAdapter()
  const here = await openLiveApp({ adapter, revalidateAge: '1s' })
  const tokens = await here.http().auth.signIn.mutate(TOKEN_FLOW)
  if (tokens.status !== 'tokens') throw new Error('no tokens')
  const { silent } = here.socket({ params: { accessToken: tokens.accessToken } })
  const live = record((handlers) => silent.subscribe(undefined, handlers))
  await until(() => live.items.length === 1)
  await adapter.deleteUser('ann')
  expect(await live.over).toBe('SessionRevoked')
})

describe.each(['jwt', 'database'] as const)('a stream while the store fails (%s)', (strategy) => {
  test('M02 S13 goes on where it is asked in time again, and ends with AdapterError where it is not', async () => {
    const store = await openStore([{ id: 'ann', name: 'ann', email: null }])
    const app = await openLiveApp({ strategy, adapter: store.adapter, revalidateAge: '1s' })
    const { silent } = app.socket({ cookie: await signInByCookie(app) })
    const live = record((handlers) => silent.subscribe(undefined, handlers))
    await until(() => live.items.length === 1)
    store.calls.length = 0
    store.failWith(new Error('connection lost'))
    await until(() => store.calls.length > 0)
    store.failWith(null)
    // It was asked again, and then again a while later: the stream lived through it.
    const asked = store.calls.length
    await until(() => store.calls.length >= asked + 2)
    expect(app.openWatches()).toBe(1)
    store.failWith(new Error('connection lost'))
    expect(await live.over).toBe('AdapterError')
  })
})

test('M18 a client that leaves takes its watch along, also where the source ignores the signal', async () => {
  const app = await openLiveApp()
  const cookie = await signInByCookie(app)
  for (const client of [app.socket({ cookie }), app.events({ cookie })]) {
    const live = record((handlers) => client.stubborn.subscribe(undefined, handlers))
    await until(() => live.items.length === 1)
    expect(app.openWatches()).toBe(1)
    live.stop()
    await until(() => app.openWatches() === 0)
  }
})
