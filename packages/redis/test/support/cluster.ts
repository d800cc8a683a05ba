import { execFileSync } from 'node:child_process'
import { findPort, type OwnRedis, startRedis } from './own-redis.ts'

/** Three nodes that share the keys, each with a part of them. */
export interface OwnCluster {
  readonly ports: readonly number[]
  readonly drop: () => Promise<void>
}

export async function startCluster(): Promise<OwnCluster> {
  const nodes: OwnRedis[] = []
  for (let node = 0; node < 3; node++) {
    // Its bus listens at another port: by itself, at one that is too high for a port of the system's.
    const bus = await findPort()
    const flags = ['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--cluster-node-timeout', '2000']
    nodes.push(await startRedis(flags))
  }
  const ports = nodes.map(({ port }) => port)
  const addresses = ports.map((port) => `127.0.0.1:${port}`)
  execFileSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], { timeout: 60_000 })
  await Promise.all(ports.map(isWhole))
  return { ports, drop: async () => void (await Promise.all(nodes.map(({ drop }) => drop()))) }
}

/** Milliseconds for a cluster to become one. */
const PATIENCE = 60_000

async function isWhole(port: number): Promise<void> {
  const end = performance.now() + PATIENCE
  while (!ask(port, 'CLUSTER', 'INFO').includes('cluster_state:ok')) {
    if (performance.now() > end) throw new Error('the cluster does not become whole')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export function ask(port: number, ...command: readonly string[]): string {
  return execFileSync('redis-cli', ['-p', String(port), ...command], { encoding: 'utf8' })
}
