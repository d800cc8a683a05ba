import { apiKeys } from '@latchkey/api-keys'
import { changeEmail, emailCode, magicLink } from '@latchkey/email'
import { oauth, oidc } from '@latchkey/oauth'
import { passkey } from '@latchkey/passkey'
import { password } from '@latchkey/password'
import { totp } from '@latchkey/totp'
import { env } from './env.ts'
import { sendEmail, sendPasswordMail } from './mail/send.ts'

/** One list, for the engine and for the migrations. */
export const plugins = [
  password({ send: sendPasswordMail, words: ['latchkey'] }),
  emailCode({ send: sendEmail }),
  magicLink({ send: sendEmail }),
  changeEmail({ send: sendEmail }),
  // Demo ID says of its people's addresses whether it has checked them.
  oauth([oidc({ id: 'demo-id', name: 'Demo ID', ...env.demoId, trustEmail: true })]),
  passkey({ rpName: 'Latchkey demo' }),
  totp({ issuer: 'Latchkey demo' }),
  apiKeys({ scopes: ['members:read'], rateLimit: { max: 60, window: '1m' } }),
] as const
