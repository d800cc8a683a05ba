import type { AnyPlugin } from '@latchkey/core'
import { openMemory, type OpenStore } from '../../../../test/support/stores.ts'
import { type AppOptions, startApp, type TestApp } from '../../../../test/support/app.ts'
import { password, type PasswordMail, type PasswordOptions } from '../../src/index.ts'

export interface PasswordApp extends TestApp {
  readonly adapter: AppOptions['adapter']
  readonly mails: PasswordMail[]
  /** Waits for the mail of this type to this address that comes next. */
  readonly nextMail: <TType extends PasswordMail['type']>(
    type: TType,
    to: string,
  ) => Promise<Extract<PasswordMail, { type: TType }>>
}

export interface PasswordAppOptions extends Partial<AppOptions> {
  /** Further plug-ins. @default none */
  readonly also?: readonly AnyPlugin[]
  readonly store?: OpenStore
  readonly password?: PasswordOptions
  /** Whether mails are sent, so that addresses are verified. @default false */
  readonly mail?: boolean
}

export const GOOD = 'correct horse battery staple'
export const OTHER = 'seven purple elephants dancing'

/** An app with passwords, in memory unless it is said. */
export async function startPasswordApp({
  store,
  password: options,
  mail = false,
  also = [],
  ...rest
}: PasswordAppOptions = {}): Promise<PasswordApp> {
  const mails: PasswordMail[] = []
  const { adapter } = store ?? (await openMemory())
  const send = (sent: PasswordMail) => void mails.push(sent)
  const plugins = [password({ ...(mail && { send }), ...options }), ...also]
  const app = await startApp({ adapter, plugins, ...rest })
  return {
    ...app,
    adapter,
    mails,
    nextMail: async (type, to) => {
      for (let round = 0; round < 200; round++) {
        const index = mails.findIndex((found) => found.type === type && found.to === to)
        if (index >= 0) return mails.splice(index, 1)[0] as never // its type was compared
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      throw new Error(`no mail of type ${type} to ${to}`)
    },
  }
}
