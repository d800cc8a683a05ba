import { createSessionBus } from '@latchkey/core'
import pg from 'pg'

const CHANNEL = 'latchkey_sessions'

/** The bus that docs/database.md told people to write before the library had one: instances of that release still use it. */
export function createDocsBus(pool, options) {
  const local = createSessionBus()
  let client
  let timer
  let isClosed = false
  void listen()
  return {
    subscribe: local.subscribe,
    publish: (message) => pool.query('select pg_notify($1, $2)', [CHANNEL, message]),
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await client?.end()
    },
  }

  async function listen() {
    client = new pg.Client({ ...options, keepAlive: true })
    client.on('notification', ({ payload = '' }) => void local.publish(payload))
    client.on('error', () => {})
    client.once('end', () => {
      if (!isClosed) timer = setTimeout(() => void listen(), 1_000)
    })
    await client.connect().then(
      () => client?.query(`listen ${CHANNEL}`),
      () => client?.end(),
    )
  }
}
