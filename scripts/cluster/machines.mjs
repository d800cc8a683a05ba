import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '../../chaos/src/machines/postgres.mjs'
import { startRedis } from '../../chaos/src/machines/redis.mjs'

const SERVER = fileURLToPath(new URL('../../apps/demo/dist/server/main.js', import.meta.url))

/**
 * A PostgreSQL, a Redis, and an instance of the demo for each port. Each can be killed and started again.
 *
 * @param shared the environment of all instances
 */
export async function startMachines(shared, ports) {
  const opened = []
  const stop = async () => {
    for (const close of opened.splice(0).toReversed()) await close()
  }
  try {
    const database = await startPostgres()
    opened.push(database.drop)
    const redis = await startRedis()
    opened.push(redis.drop)
    const { host, user, database: name } = database.app
    const services = {
      DATABASE_URL: `postgres://${user}@${encodeURIComponent(host)}/${name}`,
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    }
    const instances = ports.map((port, index) => createInstance(String(index + 1), port, { ...shared, ...services }))
    for (const instance of instances) {
      opened.push(instance.kill)
      await instance.start()
    }
    const killable = {
      ...Object.fromEntries(instances.map((instance) => [`instance-${instance.name}`, instance])),
      database: withState({ kill: database.kill, start: database.restart }),
      redis: withState({ kill: redis.kill, start: redis.restart }),
    }
    return { instances, killable, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A process of the demo. */
function createInstance(name, port, env) {
  let child
  return {
    name,
    port,
    isUp: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    start: async () => {
      child = spawn(process.execPath, [SERVER], {
        env: { ...env, PORT: String(port), INSTANCE: name },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
      child.stdout.resume()
      if (child.exitCode !== null) throw new Error(`instance ${name} ended with ${child.exitCode}`)
    },
    kill: async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const isOver = once(child, 'exit')
      child.kill('SIGKILL')
      await isOver
    },
  }
}

function withState({ kill, start }) {
  let up = true
  return {
    isUp: () => up,
    kill: async () => {
      up = false
      await kill()
    },
    start: async () => {
      await start()
      up = true
    },
  }
}
