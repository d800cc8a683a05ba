import { type CompleteAdapter, memoryAdapter, type TableStore } from '@latchkey/core'
import { type AppOptions, startApp, type TestApp } from '../../../../test/support/app.ts'
import type { Flow } from '../../../../test/support/client.ts'
import { oauth, type OAuthOptions, type OAuthProvider, oidc, type OidcOptions } from '../../src/index.ts'
import { CLIENT, type RealProvider, type RealProviderOptions, startRealProvider } from './real-provider.ts'
import { createPerson, type Person } from './person.ts'

export interface SceneOptions extends Partial<AppOptions> {
  readonly adapter?: CompleteAdapter & TableStore
  /** The real provider. */
  readonly op?: RealProviderOptions
  /** More of the app's entry for it. */
  readonly entry?: Partial<OidcOptions>
  /** The app's list instead. */
  readonly entries?: (issuer: string) => readonly OAuthProvider[]
  readonly oauth?: OAuthOptions
}

/** An app, and beside it a real provider that knows its callback. */
export interface Scene {
  readonly app: TestApp
  readonly op: RealProvider
  /** Somebody with a browser of their own, and a client beside it in the token flow. */
  readonly person: (flow?: Flow) => Person
  /** Another instance of the app, on the same store. */
  readonly again: (more?: Partial<AppOptions>) => Promise<TestApp>
  readonly stop: () => Promise<void>
}

export async function openScene({
  op: about,
  entry,
  entries,
  oauth: options,
  plugins = [],
  ...rest
}: SceneOptions = {}): Promise<Scene> {
  const op = await startRealProvider(about)
  const list = entries?.(op.issuer) ?? [oidc({ id: 'op', issuer: op.issuer, ...CLIENT, ...entry })]
  const all = { adapter: memoryAdapter(), trustedOrigins: ['app://host'], ...rest }
  const start = (more: Partial<AppOptions> = {}) =>
    startApp({ ...all, ...more, plugins: [oauth(list, options), ...plugins] })
  const apps = [await start()]
  const [app] = apps as [TestApp] // it was started
  op.register(list.map(({ id }) => `${app.origin}/auth/callback/${id}`))
  return {
    app,
    op,
    person: (flow = 'cookie') => createPerson(app, flow),
    again: async (more) => {
      const another = await start(more)
      apps.push(another)
      return another
    },
    stop: async () => {
      await Promise.all(apps.map((one) => one.stop()))
      await op.stop()
    },
  }
}
