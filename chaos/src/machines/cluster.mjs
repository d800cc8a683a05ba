import { startInstance } from './instance.mjs'
import { startPostgres } from './postgres.mjs'
import { startProxy } from './proxy.mjs'
import { startRedis } from './redis.mjs'

/**
 * One PostgreSQL, one Redis, and as many instances as `instances` has settings for.
 *
 * @param isProxied each instance has a network of its own to both, which can be cut
 */
export async function startCluster({ instances = [{}, {}], isProxied = false, withRedis = true } = {}) {
  const opened = []
  const keep = (machine) => {
    opened.push(machine)
    return machine
  }
  const drop = async () => {
    for (const machine of opened.splice(0).toReversed()) await machine.drop()
  }
  try {
    const database = keep(await startPostgres())
    const redis = withRedis ? keep(await startRedis()) : null
    const started = []
    const networks = []
    for (const [index, settings] of instances.entries()) {
      const network = isProxied ? keep(await openNetwork(database, redis)) : null
      const reached = {
        database: network ? { ...database.app, host: '127.0.0.1', port: network.database.port } : database.app,
        redis: network ? network.redis.port : redis?.port,
      }
      const instance = await startInstance(String(index + 1), { ...reached, ...settings })
      keep({ drop: () => instance.end('SIGKILL') })
      started.push(instance)
      networks.push(network)
    }
    return { database, redis, instances: started, networks, drop }
  } catch (error) {
    await drop()
    throw error
  }
}

async function openNetwork(database, redis) {
  const network = {
    database: await startProxy({ path: database.path }),
    redis: await startProxy({ port: redis.port, host: '127.0.0.1' }),
  }
  return {
    ...network,
    drop: () => {
      network.database.close()
      network.redis.close()
    },
  }
}
