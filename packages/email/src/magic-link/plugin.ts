import {
  configurationError,
  createBackground,
  definePlugin,
  provider,
  query,
  type Schema,
  signInMutation,
} from '@latchkey/core'
import { maxLength, minLength, object, optional, string } from 'zod/mini'
import { address, code, request } from '../shared/input.ts'
import type { LinkMessage } from '../shared/messages.ts'
import type { SignInMailOptions } from '../shared/options.ts'
import { readMailSettings } from '../shared/settings.ts'
import { emailWay } from '../shared/ways.ts'
import { linkEndpoints } from './endpoints.ts'
import { look } from './look.ts'
import { sendLink } from './send-link.ts'
import type { Shared } from './shared.ts'
import { tables } from './tables.ts'
import type { LinkToken, MagicLink, MagicLinkInput } from './types.ts'
import { useCodeOfLink, useLink } from './use-link.ts'

/** What `magicLink()` takes. */
export interface MagicLinkOptions extends SignInMailOptions<LinkMessage> {
  /**
   * A page of the app's own that links lead to, a path or a URL: `?token=` is added. It asks `auth.magicLink.look` what to show, and its button
   * calls `auth.magicLink.confirm`.
   *
   * @default the page of this package, at `magic-link/open` under `basePath`
   */
  readonly page?: string
}

type Fields = Omit<MagicLinkInput, 'provider'>

const input: Schema<Fields, Fields> = object({
  email: address,
  redirectTo: optional(string().check(maxLength(2_048))),
  code: optional(code),
  request: optional(request),
})

const tokenInput: Schema<LinkToken, LinkToken> = object({
  token: string().check(minLength(1), maxLength(100)),
  request: optional(request),
})

/**
 * Sign-in with a link that is sent by mail. The link opens a page with a button, and only the button signs in: programs that check mails open
 * links, too. It works once, for ten minutes, in the browser that has asked for it; any other browser shows a code to type there.
 *
 * Needs an adapter with `getUser` and `getUserByEmail` that keeps tables of plug-ins.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 *
 * @example createAuth({ adapter: kyselyAdapter(db), plugins: [magicLink({ send })] })
 */
export function magicLink(options: MagicLinkOptions): MagicLink {
  const { signUp = true, page = null } = options
  if (page !== null && !URL.canParse(page, 'https://app.example.com'))
    throw configurationError('magicLink.page', "write a path, e.g. '/welcome-back', or a URL")
  const settings = { ...readMailSettings('magicLink', options), signUp, page }
  return definePlugin({
    id: 'magicLink',
    tables,
    needs: ['getUser', 'getUserByEmail'],
    errors: {
      MagicLinkElsewhere: {
        code: 'FORBIDDEN',
        message: 'Another browser or app has asked for this link. Use it there.',
      },
      MagicLinkExpired: { code: 'UNAUTHORIZED', message: 'This link can no longer be used. Ask for a new one.' },
    },
    setup: (engine) => {
      const inBackground = createBackground({ logger: engine.logger, waitUntil: settings.waitUntil })
      const shared: Shared = { settings, engine, inBackground }
      return {
        ways: emailWay(engine.store, 'magic-link'),
        endpoints: linkEndpoints(shared),
        providers: [
          provider({
            id: 'magic-link',
            name: 'Link by e-mail',
            type: 'email',
            input,
            // A code has a count of its own, which strangers can't reach; here guesses are counted by the client's address.
            identify: null,
            begin: async ({ email, redirectTo, code: given, request: handle }, call) => {
              if (given === undefined)
                return { answer: await sendLink(shared, call, { email, redirectTo, request: handle }) }
              return useCodeOfLink(shared, call, { email, code: given, request: handle })
            },
          }),
        ],
        operations: {
          look: query({ access: 'public', input: tokenInput, run: (call, link) => look(shared, call, link) }),
          confirm: signInMutation({
            input: tokenInput,
            run: async (call, link) => call.signIn((await useLink(shared, call, link)).proven),
          }),
        },
      }
    },
  })
}
