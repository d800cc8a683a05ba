import { createHash } from 'node:crypto'
import type { Send } from './send.ts'

/** A Lua script: one round trip, and atomic. */
export interface Script {
  readonly source: string
  readonly digest: string
}

export function defineScript(source: string): Script {
  return { source, digest: createHash('sha1').update(source).digest('hex') }
}

/** Runs a script on the first of its keys' node. */
export type RunScript = (
  script: Script,
  keys: readonly [string, ...string[]],
  args: readonly string[],
) => Promise<unknown>

/**
 * Sends a script's source once and its digest from then on. A server that doesn't know the digest (another node, or one that has been
 * restarted) is sent the source again.
 */
export function createRunScript(send: Send): RunScript {
  const sent = new Set<Script>()
  return async (script, keys, args) => {
    const rest = [String(keys.length), ...keys, ...args]
    const runSource = async () => {
      const reply = await send(keys[0], ['EVAL', script.source, ...rest])
      sent.add(script)
      return reply
    }
    if (!sent.has(script)) return runSource()
    try {
      return await send(keys[0], ['EVALSHA', script.digest, ...rest])
    } catch (cause) {
      if (cause instanceof Error && cause.message.startsWith('NOSCRIPT')) return runSource()
      throw cause
    }
  }
}
