import type { Adapter } from './adapter.ts'
import { AuthError } from './errors.ts'

/**
 * The adapter behind a wall: whatever it throws, and an answer that doesn't come in time, is an `AdapterError` with the cause kept
 * for the log. A dead store is an error and never "signed out".
 *
 * @param timeout milliseconds
 */
export function guardAdapter<TAdapter extends Adapter>(adapter: TAdapter, timeout: number): TAdapter {
  return new Proxy(adapter, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      return typeof method === 'function' ? (...args: unknown[]) => settle(() => method.apply(target, args), timeout) : method
    },
  })
}

async function settle(call: () => unknown, timeout: number): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout)
  })
  try {
    return await Promise.race([call(), late])
  } catch (cause) {
    throw new AuthError('AdapterError', { cause })
  } finally {
    clearTimeout(timer)
  }
}
