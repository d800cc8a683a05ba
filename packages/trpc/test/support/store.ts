import { type AdapterUser, memoryAdapter, type SessionAdapter } from '@latchkey/core'

/** A real store that remembers which of its methods were called, and fails on demand. */
export interface Store {
  readonly adapter: SessionAdapter
  /** Method names, in the order of the calls. */
  readonly calls: string[]
  /** From now on every call fails with this; null: no longer. */
  readonly failWith: (error: Error | null) => void
}

export async function openStore(users: readonly AdapterUser[]): Promise<Store> {
  const memory = memoryAdapter()
  for (const user of users) await memory.createUser(user)
  const calls: string[] = []
  let failure: Error | null = null
  const adapter = new Proxy(memory, {
    get: (target, name, receiver) => {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function') return member
      return async (...args: unknown[]) => {
        calls.push(String(name))
        if (failure) throw failure
        return Reflect.apply(member, target, args)
      }
    },
  })
  return {
    adapter,
    calls,
    failWith: (error) => {
      failure = error
    },
  }
}
