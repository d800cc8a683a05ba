import { type Adapter, memoryAdapter, type Table, type TableSpec, type TableStore } from '@latchkey/core'

/** What happens before a call of a table's method reaches the store. */
export type Interfere = (table: string, method: string) => Promise<void>

/** A store in memory in which something happens before each call of a plug-in's table: it fails, or somebody is faster. */
export function interferingAdapter(interfere: Interfere): Adapter & TableStore {
  const adapter = memoryAdapter()
  return {
    ...adapter,
    table: <TSpec extends TableSpec>(name: string, spec: TSpec): Table<TSpec> => {
      const table = adapter.table(name, spec)
      const methods = Object.entries(table).map(([method, run]) => [
        method,
        async (...args: unknown[]) => {
          await interfere(name, method)
          return (run as (...given: unknown[]) => unknown)(...args)
        },
      ])
      return Object.fromEntries(methods) as Table<TSpec> // the same methods, later
    },
  }
}
