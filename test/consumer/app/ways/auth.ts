import { createAuth } from '@latchkey/core'
import { changeEmail, emailCode, type EmailMessage, magicLink } from '@latchkey/email'
import { kyselyAdapter, sqliteDialect } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { oauth, oidc } from '@latchkey/oauth'
import { fromAuthJs } from '@latchkey/oauth/from-auth-js'
import { github, google } from '@latchkey/oauth/providers'
import { passkey } from '@latchkey/passkey'
import { password, type PasswordMail } from '@latchkey/password'
import { bcrypt } from '@latchkey/password/legacy'
import { totp } from '@latchkey/totp'
import { createAuthRouter } from '@latchkey/trpc'
import { Kysely } from 'kysely'
import Database from 'libsql'

// Every way to sign in that the library has, in one configuration.

export type Mail = PasswordMail | EmailMessage
/** The mails that would have been sent. */
export const mails: Mail[] = []
const send = (mail: Mail) => void mails.push(mail)

const client = { clientId: 'app', clientSecret: 'secret' }
/** What a provider of Auth.js is, without a dependency on it. */
const strava = {
  id: 'strava',
  type: 'oauth',
  name: 'Strava',
  authorization: 'https://strava.example/authorize',
  token: 'https://strava.example/token',
  userinfo: 'https://strava.example/me',
  profile: (person: { id: string }) => ({ id: person.id }),
  ...client,
} as const

const plugins = [
  password({ send, legacy: [bcrypt()] }),
  emailCode({ send }),
  magicLink({ send, page: '/welcome-back' }),
  changeEmail({ send }),
  oauth([
    google(client),
    github(client),
    oidc({ ...client, id: 'acme', issuer: 'https://id.acme.example' }),
    fromAuthJs(strava, { id: 'strava' }),
  ]),
  passkey({ rpName: 'The app' }),
  totp({ issuer: 'The app' }),
] as const

const db = new Kysely<object>({ dialect: sqliteDialect(new Database(':memory:')) })
export const migrate = () => migrateToLatest(db, { plugins })

export const auth = createAuth({
  secret: process.env['AUTH_SECRET'] ?? 'a secret for tests: 32 bytes at the least',
  adapter: kyselyAdapter(db),
  plugins,
  tokens: { enabled: true },
  pages: { error: '/sign-in', challenge: '/second-step' },
  baseUrl: 'http://localhost:3000',
})

export const { authRouter, authContext, authErrorFormatter, protectedProcedure, requireFactor, requireFresh } =
  createAuthRouter(auth)
