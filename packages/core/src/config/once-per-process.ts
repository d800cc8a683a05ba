import { isThenable } from '../internal/is-thenable.ts'

/**
 * Makes something once for all bundles of a process, and returns the same to each of them. Frameworks bundle an app several times (Next:
 * route handlers, server components, the proxy), and Node loads a package twice if it is required and imported: every copy of a module
 * would have an engine of its own, and each would know only the revocations, failed sign-ins and `memoryAdapter()` rows that went
 * through it.
 *
 * The first call decides: while a development server reloads modules, a changed configuration counts after its restart. If `create`
 * throws, or its promise rejects, nothing is kept and the next call tries again.
 *
 * @param key tells apart what one process keeps: another engine needs another key
 *
 * @example export const auth = oncePerProcess('auth', () => createAuth({ … }))
 */
export function oncePerProcess<T>(key: string, create: () => T): T {
  const slots = globalThis as { [slot: symbol]: { readonly value: T } | undefined } // only this function writes under these symbols
  const slot = Symbol.for(`latchkey.once:${key}`)
  const known = slots[slot]
  if (known) return known.value
  const made = { value: create() }
  slots[slot] = made
  const forget = () => {
    if (slots[slot] === made) slots[slot] = undefined
  }
  if (isThenable(made.value)) made.value.then(undefined, forget)
  return made.value
}
