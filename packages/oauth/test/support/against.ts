import { memoryAdapter } from '@latchkey/core'
import { type AppOptions, startApp, type TestApp } from '../../../../test/support/app.ts'
import { oauth, type OAuthProvider, oidc, type OidcOptions } from '../../src/index.ts'
import { createPerson, type Ended, type Person } from './person.ts'
import { type Script, type ScriptedProvider, SECRET, startScriptedProvider } from './scripted-provider.ts'

/** An app, and a provider that does what it is told. */
export interface Against {
  readonly app: TestApp
  readonly op: ScriptedProvider
  readonly person: () => Person
  /** Somebody with a new browser signs in. */
  readonly signIn: () => Promise<Ended & { readonly isIn: boolean }>
  readonly stop: () => Promise<void>
}

interface AgainstOptions extends Pick<Partial<AppOptions>, 'adapter' | 'strategy' | 'trustedOrigins'> {
  readonly now?: number
  readonly entry?: Partial<OidcOptions>
  /** Further entries of the list. */
  readonly others?: (issuer: string) => readonly OAuthProvider[]
}

export async function openAgainst(
  script: Script = {},
  { now, entry, others, ...rest }: AgainstOptions = {},
): Promise<Against> {
  const op = await startScriptedProvider(script)
  const list = [
    oidc({ id: 'op', issuer: op.issuer, clientId: 'app', clientSecret: SECRET, ...entry }),
    ...(others?.(op.issuer) ?? []),
  ]
  const app = await startApp({
    adapter: memoryAdapter(),
    plugins: [oauth(list)],
    ...(now !== undefined && { now }),
    ...rest,
  })
  const person = () => createPerson(app, 'cookie')
  return {
    app,
    op,
    person,
    signIn: async () => {
      const who = person()
      const ended = await who.signIn()
      return { ...ended, isIn: (await who.client.whoAmI()) !== null }
    },
    stop: async () => {
      await app.stop()
      await op.stop()
    },
  }
}
