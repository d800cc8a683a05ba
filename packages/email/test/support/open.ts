import { type AnyPlugin, memoryAdapter } from '@latchkey/core'
import { afterEach } from 'vitest'
import { type AppOptions, startApp, type TestApp } from '../../../../test/support/app.ts'
import {
  changeEmail,
  type ChangeEmailOptions,
  emailCode,
  type EmailCodeOptions,
  magicLink,
  type MagicLinkOptions,
} from '../../src/index.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'

export interface OpenOptions extends Partial<Omit<AppOptions, 'plugins'>> {
  readonly code?: Partial<EmailCodeOptions>
  readonly link?: Partial<MagicLinkOptions>
  readonly change?: Partial<ChangeEmailOptions>
  /** Plug-ins besides. */
  readonly more?: readonly AnyPlugin[]
}

export interface Opened extends TestApp {
  readonly mailbox: Mailbox
}

/** The three plug-ins, with one mailbox. */
export function plugins(
  { send }: Pick<Mailbox, 'send'>,
  { code = {}, link = {}, change = {} }: OpenOptions = {},
): readonly AnyPlugin[] {
  return [emailCode({ send, ...code }), magicLink({ send, ...link }), changeEmail({ send, ...change })]
}

const apps: TestApp[] = []

afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop()
})

/** An app with the three plug-ins in memory, which is stopped after the test. */
export async function open(options: OpenOptions = {}): Promise<Opened> {
  const { code, link, change, more = [], ...rest } = options
  const mailbox = createMailbox()
  const app = await startApp({
    adapter: memoryAdapter(),
    ...rest,
    plugins: [
      ...plugins(mailbox, { ...(code && { code }), ...(link && { link }), ...(change && { change }) }),
      ...more,
    ],
  })
  apps.push(app)
  return { ...app, mailbox }
}
