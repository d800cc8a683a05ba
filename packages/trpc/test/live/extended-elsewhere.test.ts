import { memoryAdapter } from '@latchkey/core'
import { expect, test } from 'vitest'
import { ORIGIN, openLiveApp, record, signInByCookie, until } from '../support/live-app.ts'

test.each(['jwt', 'database'] as const)(
  'M31 S13 a session that another instance extends outlives the end that its streams and sockets began with (%s)',
  async (strategy) => {
    const options = { strategy, adapter: memoryAdapter(), maxAge: '3s', revalidateAge: '1s' } as const
    // No shared bus: only the row tells.
    const [here, elsewhere] = [await openLiveApp(options), await openLiveApp(options)]
    let cookie = await signInByCookie(here)
    const began = Date.now()
    const socket = here.socket({ cookie })
    const stream = record((handlers) => here.events({ cookie }).ticks.subscribe(undefined, handlers))
    const changes = record((handlers) => here.events({ cookie }).auth.onSessionChange.subscribe(undefined, handlers))
    expect(await socket.mine.query()).toBe('ann')
    await until(() => stream.items.length > 0 && changes.items.length > 0)

    while (Date.now() < began + 4_500) {
      const response = await elsewhere.auth.handler(new Request(`${ORIGIN}/auth/session`, { headers: { cookie } }))
      expect(await response.json()).toMatchObject({ user: { id: 'ann' } })
      cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect(await socket.mine.query()).toBe('ann')
    await elsewhere.http({ cookie }).auth.signOut.mutate()
    expect(await stream.over).toBe('SessionRevoked')
    expect(await changes.over).toBe('complete')
    expect(changes.items.filter((session) => session === null)).toHaveLength(1)
  },
)
