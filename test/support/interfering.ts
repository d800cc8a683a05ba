import { type CompleteAdapter, memoryAdapter, type Table, type TableSpec, type TableStore } from '@latchkey/core'

/** What happens before a call reaches the store: it fails, or somebody is faster. `table`: a plug-in's table, or `'adapter'`. */
export type Interfere = (table: string, method: string) => Promise<void>

/** A store in memory in which something happens before each call of the adapter or of a plug-in's table. */
export function interferingAdapter(interfere: Interfere): CompleteAdapter & TableStore {
  const adapter = memoryAdapter()
  return {
    ...withInterference('adapter', adapter, interfere),
    table: <TSpec extends TableSpec>(name: string, spec: TSpec): Table<TSpec> =>
      withInterference(name, adapter.table(name, spec), interfere),
  }
}

function withInterference<T extends object>(name: string, methods: T, interfere: Interfere): T {
  const later = Object.entries(methods).map(([method, run]) => [
    method,
    async (...args: unknown[]) => {
      await interfere(name, method)
      return (run as (...given: unknown[]) => unknown)(...args)
    },
  ])
  return Object.fromEntries(later) as T // the same methods, later
}
