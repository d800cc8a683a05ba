import { type CompleteAdapter, memoryAdapter, type TableStore } from '@latchkey/core'
import { type AppOptions, startApp, type TestApp } from '../../../../test/support/app.ts'
import type { Client } from '../../../../test/support/client.ts'
import { oauth, type OAuthOptions, type OAuthProvider, oidc } from '../../src/index.ts'
import { CLIENT, type RealProvider, type RealProviderOptions, startRealProvider } from './real-provider.ts'
import { type Arrival, createTraveller, type Traveller } from './travel.ts'

export interface SceneOptions extends Partial<AppOptions> {
  readonly adapter?: CompleteAdapter & TableStore
  /** The real provider. */
  readonly op?: RealProviderOptions
  /** More of the app's entry for it. */
  readonly entry?: Partial<Parameters<typeof oidc>[0]>
  /** The app's list instead. */
  readonly entries?: (issuer: string) => readonly OAuthProvider[]
  readonly oauth?: OAuthOptions
}

/** An app, and beside it a real provider that knows its callback. */
export interface Scene {
  readonly app: TestApp
  readonly op: RealProvider
  /** A person with a browser of their own. */
  readonly visitor: () => Visitor
  readonly stop: () => Promise<void>
}

/** A person in front of a browser. */
export interface Visitor extends Traveller {
  readonly client: Client
  /** Begins at the app, goes to the provider, and comes back. */
  readonly signIn: (input?: object) => Promise<Arrival>
  /** Begins only: the provider's address. */
  readonly begin: (input?: object) => Promise<URL>
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
  const app = await startApp({ adapter: memoryAdapter(), ...rest, plugins: [oauth(list, options), ...plugins] })
  op.register(list.map(({ id }) => `${app.origin}/auth/callback/${id}`))
  return {
    app,
    op,
    visitor: () => createVisitor(app),
    stop: async () => {
      await app.stop()
      await op.stop()
    },
  }
}

export function createVisitor(app: TestApp): Visitor {
  const client = app.client('cookie')
  const traveller = createTraveller(client, app.origin)
  const begin = async (input: object = {}) => {
    const { data, kind } = await client.mutate<{ url: string }>('auth.signIn', { provider: 'op', ...input })
    if (kind !== null) throw new Error(`signIn was refused: ${kind}`)
    return new URL(data.url)
  }
  return { client, ...traveller, begin, signIn: async (input) => traveller.go((await begin(input)).href) }
}
