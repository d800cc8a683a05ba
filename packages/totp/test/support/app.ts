import { provider } from '@latchkey/core'
import { Secret, TOTP } from 'otpauth'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { type AppOptions, startApp, type TestApp } from '../../../../test/support/app.ts'
import type { Client, Flow } from '../../../../test/support/client.ts'
import { openMemory, type OpenStore } from '../../../../test/support/stores.ts'
import { totp, type TotpOptions } from '../../src/index.ts'

/** A step begins at this moment. */
export const NOW = Date.UTC(2026, 10, 29, 12)

/** Lets in whoever names themselves: the first factor doesn't matter here. `key`: as a passkey that has checked the person. */
const input = z.object({ name: z.string() })
const find = ({ name }: { readonly name: string }) => name
const first = provider({
  id: 'first',
  input,
  identify: find,
  begin: ({ name }) => ({ mirror: { id: name, email: `${name}@example.com` } }),
})
const key = provider({
  id: 'key',
  type: 'webauthn',
  input,
  begin: ({ name }) => ({ mirror: { id: name, email: `${name}@example.com` }, amr: ['hwk', 'user', 'mfa'] }),
})

export interface TotpApp extends TestApp {
  /** The code that an authenticator with this secret shows, so many steps from now. */
  readonly code: (secret: string, steps?: number) => string
  /** Somebody who has signed in by the first factor, and perhaps must go on. */
  readonly signIn: (flow: Flow, name?: string, client?: Client) => Promise<{ client: Client; challenge: string }>
  /** Somebody signed in with a second factor, whose client has shown the first one only. */
  readonly enrolled: (flow: Flow, name?: string) => Promise<Enrolled>
}

export interface Enrolled {
  readonly client: Client
  readonly secret: string
  readonly backupCodes: readonly string[]
}

type Options = Partial<AppOptions> & { readonly totp?: TotpOptions; readonly store?: OpenStore }

export async function openApp({ totp: options, store, ...rest }: Options = {}): Promise<TotpApp> {
  const { adapter, close } = store ?? (await openMemory())
  let now = NOW
  const app = await startApp({ adapter, now: NOW, providers: [first, key], plugins: [totp(options)], ...rest })
  onTestFinished(async () => {
    await app.stop()
    await close()
  })
  const code = (secret: string, steps = 0) =>
    TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: now + steps * 30_000 })
  const wait = (seconds: number) => {
    now += seconds * 1_000
    app.wait(seconds)
  }
  const signIn: TotpApp['signIn'] = async (flow, name = 'ann', client = app.client(flow)) => {
    const { data } = await client.mutate<{ challenge?: string }>('auth.signIn', { provider: 'first', name })
    return { client, challenge: data?.challenge ?? '' }
  }
  const enrolled: TotpApp['enrolled'] = async (flow, name) => {
    const { client } = await signIn(flow, name)
    const { secret } = (await client.mutate<{ secret: string }>('auth.totp.enrol')).data
    const answer = await client.mutate<{ backupCodes: string[] }>('auth.totp.confirm', { code: code(secret) })
    wait(30)
    return { client, secret, backupCodes: answer.data.backupCodes }
  }
  return { ...app, wait, code, signIn, enrolled }
}
