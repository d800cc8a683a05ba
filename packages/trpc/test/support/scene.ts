import { type Engine, type EngineOptions, createApp, openEngine } from './app.ts'
import { type Browser, openBrowser } from './browser.ts'
import { type AdapterName, ADAPTERS, type Served } from './server.ts'

export interface SceneOptions extends EngineOptions {
  /** @default 'standalone' */
  readonly adapter?: AdapterName
  /** Who has signed in already. @default nobody */
  readonly as?: 'ada' | 'bob' | 'eve'
  /** What the app's handler says besides router and context. */
  readonly served?: Partial<Served>
  readonly eager?: boolean
}

export interface Scene {
  readonly engine: Engine
  readonly url: string
  readonly browser: Browser
}

/** A served app and a browser, perhaps signed in; the store's calls are counted from here on. */
export async function openScene({
  adapter = 'standalone',
  as,
  served,
  eager,
  ...options
}: SceneOptions = {}): Promise<Scene> {
  const engine = await openEngine(options)
  const app = createApp(engine)
  const createContext: Served['createContext'] = (from) =>
    eager ? engine.kit.authContext(from, { eager }) : engine.kit.authContext(from)
  const url = await ADAPTERS[adapter]({ ...app, createContext, ...served })
  const browser = openBrowser(url)
  if (as) await signIn(browser, as)
  engine.store.calls.length = 0
  engine.attempts.length = 0
  browser.responses.length = 0
  return { engine, url, browser }
}

export async function signIn(browser: Browser, name: string, password = 'right'): Promise<void> {
  await browser.client().auth.signIn.mutate({ provider: 'credentials', name, password })
}
