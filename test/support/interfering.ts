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

/** A store in memory, and a way to do something in the middle of somebody's call. */
export function openInterference() {
  let interfere: Interfere = async () => {}
  const calls: string[] = []
  return {
    adapter: interferingAdapter((table, method) => {
      calls.push(`${table}.${method}`)
      return interfere(table, method)
    }),
    /** All calls until now, such as `'adapter.createSession'`. */
    calls: calls as readonly string[],
    /** Called before each call from now on. */
    interfere: (next: Interfere) => void (interfere = next),
    /**
     * Does something when somebody is about to make this call, for the first time or the first time after another one. What is done may have to
     * wait until the call is through.
     *
     * @param where as in `'adapter.createSession'`
     * @returns waits for what was done
     */
    meanwhile: <T>(where: string, run: () => Promise<T>, { after }: { readonly after?: string } = {}) => {
      let isNear = after === undefined
      let done: Promise<T> | undefined
      interfere = async (table, method) => {
        const call = `${table}.${method}`
        if (isNear && call === where && !done) {
          done = run()
          await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 300))])
        }
        isNear ||= call === after
      }
      return async () => {
        if (!done) throw new Error(`nobody came to ${where}`)
        return done
      }
    },
  }
}
