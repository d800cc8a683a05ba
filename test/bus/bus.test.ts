import { execFile } from 'node:child_process'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

// Two processes on one database, with each bus that the database can be. How long it takes is printed, and measured in more trials by
// `node test/bus/revocation.mjs`.

const SCRIPT = join(import.meta.dirname, 'revocation.mjs')
const TRIALS = 5

const BUSES = [
  { bus: 'listen-postgres', port: 5432 },
  { bus: 'poll-postgres', port: 5432 },
  { bus: 'poll-mysql', port: 3306 },
  { bus: 'poll-sqlite', port: null },
  { bus: 'ioredis', port: 6379 },
  { bus: 'node-redis', port: 6379 },
]

for (const { bus, port } of BUSES) {
  const isThere = port === null || process.env.REQUIRE_SERVICES === '1' || (await answers(port))
  if (!isThere) console.warn(`SKIPPED: nothing listens on 127.0.0.1:${port}, so the bus ${bus} is not tried`)
  test.skipIf(!isThere)(
    `X08 over ${bus}, what one process ends another refuses: cookies and access tokens`,
    async () => {
      // The script fails for a session that another process knows too late, or doesn't know at first.
      const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, bus, String(TRIALS)])
      const measured: unknown = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(measured).toMatchObject([
        { bus, credential: 'cookie', trials: TRIALS },
        { bus, credential: 'access token', trials: TRIALS },
      ])
      console.log(stdout)
    },
  )
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(socket.destroy() && true)).once('error', () => resolve(false))
  })
}
