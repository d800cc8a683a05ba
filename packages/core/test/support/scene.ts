import { type AuthContext, memoryAdapter, type SessionAdapter } from '../../src/index.ts'
import type { Writability } from '../../src/contract/request-source.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { COOKIE, makeAuth, openClock, openLog, ORIGIN } from './auth.ts'
import { createBrowser } from './browser.ts'

export const STRATEGIES = ['jwt', 'database'] as const

/** An engine on a store that counts its calls, with a clock to turn, a log to read and a first browser. */
export function openScene(overrides: Partial<AnyOptions> = {}) {
  const clock = openClock()
  const log = openLog()
  const store = memoryAdapter()
  const calls: string[] = []
  const adapter = count(store, calls)
  const auth = makeAuth({ adapter, clock: clock.read, logger: log.logger, ...overrides })
  /** What a face would get for a request with this cookie. */
  const context = (cookie: string | undefined, options: { method?: string; writability?: Writability } = {}) => {
    const setCookies: string[] = []
    const ctx: AuthContext = auth.createContext({
      method: options.method ?? 'GET',
      header: (name) => ({ cookie: cookie && `${COOKIE}=${cookie}`, origin: ORIGIN })[name],
      response: {
        writability: () => options.writability ?? 'writable',
        setCookie: (_name, header) => void setCookies.push(header),
        noStore: () => {},
      },
    })
    return { ctx, setCookies }
  }
  return { auth, clock, log, store, adapter, calls, browser: createBrowser(auth), context }
}

function count(store: SessionAdapter, calls: string[]): SessionAdapter {
  const counted = Object.entries(store).map(([name, method]) => [
    name,
    (...args: unknown[]) => {
      calls.push(name)
      return Reflect.apply(method, store, args)
    },
  ])
  return Object.fromEntries(counted) as SessionAdapter // the same methods, each counted
}

/** Options for a strategy, with what else a test is about. */
export function under(strategy: 'jwt' | 'database', session: object = {}): Pick<AnyOptions, 'session'> {
  return { session: { strategy, ...session } }
}

export const DAY = 86_400
export const MINUTE = 60
