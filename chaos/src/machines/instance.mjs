import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../instance/main.mjs', import.meta.url))

/**
 * An instance of the app in a process of its own, which can be ended and started again.
 *
 * @param settings see ../instance/main.mjs; `program`: another release's, for a rolling release
 */
export async function startInstance(name, settings) {
  const instance = {
    name,
    /** Exits that nobody asked for. */
    exits: 0,
    origin: '',
    /** A balancer sends it requests. */
    isReady: false,
    settings,
    start,
    end,
    stats,
  }
  let child
  let isAsked = false
  await start()
  return instance

  async function start(changed = instance.settings) {
    instance.settings = changed
    isAsked = false
    child = fork(changed.program ?? PROGRAM, {
      execArgv: [],
      env: { ...process.env, NODE_ENV: 'production', INSTANCE: JSON.stringify(changed) },
    })
    const mine = child
    mine.once('exit', () => {
      instance.isReady &&= child !== mine
      if (!isAsked) instance.exits++
    })
    const [message] = await Promise.race([once(mine, 'message'), once(mine, 'exit')])
    if (!message?.origin) throw new Error(`instance ${name} did not start`)
    instance.origin = message.origin
    instance.isReady = true
  }

  /** @returns milliseconds until it had exited, its exit code and its signal */
  async function end(signal) {
    isAsked = true
    const begun = performance.now()
    if (child.exitCode !== null || child.signalCode !== null) return { after: 0, code: child.exitCode }
    const isOver = once(child, 'exit')
    child.kill(signal)
    const [code] = await isOver
    instance.isReady = false
    return { after: performance.now() - begun, code }
  }

  /** What the process says of itself since it was last asked: its event loop's delays in milliseconds, and bytes of memory. */
  async function stats() {
    child.send('stats')
    const [answer] = await once(child, 'message')
    return answer
  }
}
