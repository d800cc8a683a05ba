import { createConnection } from 'node:net'
import { describe, test } from 'vitest'

/** A server that some tests need. */
export interface Service {
  readonly name: string
  readonly url: string
  readonly isReachable: boolean
}

export function findPostgres(): Promise<Service> {
  return findService('PostgreSQL', process.env.POSTGRES_URL ?? 'postgres://root@127.0.0.1:5432/test')
}

export function findMariadb(): Promise<Service> {
  return findService('MariaDB', process.env.MYSQL_URL ?? 'mysql://root@127.0.0.1:3306/test')
}

async function findService(name: string, url: string): Promise<Service> {
  const { hostname, port } = new URL(url)
  return { name, url, isReachable: await answers(hostname, Number(port)) }
}

/** How long a server on this machine may take to accept, in milliseconds. */
const PATIENCE = 3_000

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: PATIENCE })
    const finish = (isReachable: boolean) => {
      socket.destroy()
      resolve(isReachable)
    }
    socket.once('connect', () => finish(true))
    socket.once('error', () => finish(false))
    socket.once('timeout', () => finish(false))
  })
}

/** Tests that need a server: without it they are skipped and say so; with REQUIRE_SERVICES=1 they fail. */
export function describeWith({ name, url, isReachable }: Service, title: string, suite: () => void): void {
  if (isReachable) {
    describe(title, suite)
    return
  }
  const why = `no ${name} at ${new URL(url).host}`
  if (process.env.REQUIRE_SERVICES === '1') {
    describe(title, () => {
      test(`needs ${name}`, () => {
        throw new Error(`${why}, and REQUIRE_SERVICES=1 says that there must be one`)
      })
    })
    return
  }
  console.warn(`SKIPPED: ${title}: ${why}`)
  describe.skip(`${title} (skipped: ${why})`, suite)
}
