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
  const app = await startApp({
    adapter: memoryAdapter(),
    trustedOrigins: ['app://host'],
    ...rest,
    plugins: [oauth(list, options), ...plugins],
  })
  op.register(list.map(({ id }) => `${app.origin}/auth/callback/${id}`))
  return {
    app,
    op,
    person: (flow = 'cookie') => createPerson(app, flow),
    stop: async () => {
      await app.stop()
      await op.stop()
    },
  }
}
