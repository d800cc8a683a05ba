import { memoryAdapter } from '@latchkey/core'

/** A real store that refuses everything while it is down. */
export function openFailingStore() {
  const store = memoryAdapter()
  const state = { isDown: false }
  const adapter = new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return (...args: unknown[]): unknown =>
        state.isDown ? Promise.reject(new Error('connect ECONNREFUSED')) : method.apply(target, args)
    },
  })
  return { adapter, state }
}
