import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask } from './cluster.ts'
import { accepts, findPort, type OwnRedis, startRedis } from './own-redis.ts'

/** A primary with one replica, and a Sentinel that watches them. */
export interface OwnSentinel {
  readonly port: number
  readonly primary: OwnRedis
  readonly replica: OwnRedis
  /** From now on the replica gets nothing: what the primary takes is lost if it is killed. */
  readonly cutReplica: () => void
  /** Kills the primary, and waits until the replica has taken over. */
  readonly failOver: () => Promise<void>
  readonly drop: () => Promise<void>
}

export const NAME = 'main'

export async function startSentinel(): Promise<OwnSentinel> {
  const primary = await startRedis()
  const replica = await startRedis(['--replicaof', '127.0.0.1', String(primary.port)])
  await until(() => ask(replica.port, 'INFO', 'replication').includes('master_link_status:up'))
  const [port, folder] = [await findPort(), await mkdtemp(join(tmpdir(), 'latchkey-sentinel-'))]
  const file = join(folder, 'sentinel.conf')
  const rules = [
    `port ${port}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${primary.port} 1`,
    `sentinel down-after-milliseconds ${NAME} 500`,
    `sentinel failover-timeout ${NAME} 3000`,
  ]
  await writeFile(file, `${rules.join('\n')}\n`)
  const sentinel = spawn('redis-server', [file, '--sentinel', '--bind', '127.0.0.1', '--dir', folder], {
    stdio: 'ignore',
  })
  const isOver = once(sentinel, 'exit')
  await accepts(port)
  await until(() => /num-slaves\n1\n/.test(ask(port, 'SENTINEL', 'MASTER', NAME)))
  return {
    port,
    primary,
    replica,
    cutReplica: () => void ask(replica.port, 'REPLICAOF', 'NO', 'ONE'),
    failOver: async () => {
      await primary.kill()
      await until(() => ask(port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME).includes(`\n${replica.port}\n`))
    },
    drop: async () => {
      sentinel.kill('SIGKILL')
      await isOver
      await rm(folder, { recursive: true, force: true })
      await replica.drop()
      await primary.drop()
    },
  }
}

/** Milliseconds for servers to find each other. */
const PATIENCE = 60_000

async function until(isTrue: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE
  while (!isTrue()) {
    if (performance.now() > end) throw new Error('the servers do not find each other')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
