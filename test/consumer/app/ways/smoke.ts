import assert from 'node:assert/strict'
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
import superjson from 'superjson'
import { createCookieJar } from '../client.ts'
import { authContext, type Mail, mails, migrate } from './auth.ts'
import { type AppRouter, appRouter } from './router.ts'

// A first step of every way, over HTTP, with the packages as they are published.
await migrate()
const server = createHTTPServer({ router: appRouter, createContext: (opts) => ({ ...authContext(opts) }) })
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
assert(address && typeof address === 'object')
const url = `http://127.0.0.1:${address.port}`

const { headers, fetch } = createCookieJar()
const client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url, transformer: superjson, headers, fetch })] })
const { signIn, password, passkey, totp, account, accounts } = client.auth

const ada = { email: 'ada@example.com', password: 'a punched card of 1843' }
assert.equal(await kindOf(password.signUp.mutate({ ...ada, password: 'password' })), 'PasswordTooCommon')
assert.deepEqual(await password.signUp.mutate(ada), { status: 'sent' })
const verify = await waitForMail('verifyEmail')
assert.equal((await password.verifyEmail.mutate({ token: verify.token })).status, 'signedIn')
assert.deepEqual(await client.how.query(), ['pwd'])
assert.equal(await kindOf(client.payOut.mutate()), 'StepUpRequired')
assert.equal(await kindOf(client.repositories.query()), 'ProviderTokenMissing')
assert.equal((await client.rules.query()).minLength, 8)

assert.match((await totp.enrol.mutate()).uri, /^otpauth:\/\/totp\/The%20app/)
assert.equal((await passkey.registerOptions.mutate()).rp.name, 'The app')
assert.deepEqual(await accounts.list.query(), [])
assert.equal((await account.changeEmail.mutate({ email: 'countess@example.com' })).status, 'sent')
await client.auth.signOut.mutate()

assert.equal(await kindOf(signIn.mutate({ provider: 'password', ...ada, password: 'no' })), 'CredentialsSignin')
assert.equal((await signIn.mutate({ provider: 'password', ...ada })).status, 'signedIn')
assert.equal((await signIn.mutate({ provider: 'email-code', email: ada.email })).status, 'sent')
const { code } = await waitForMail('code')
assert.equal((await signIn.mutate({ provider: 'email-code', email: ada.email, code })).status, 'signedIn')
assert.deepEqual(await client.how.query(), ['email'])
assert.equal((await signIn.mutate({ provider: 'magic-link', email: ada.email })).status, 'sent')
assert.match((await waitForMail('link')).url, /\/welcome-back\?token=/)
const redirect = await signIn.mutate({ provider: 'github', redirectTo: '/' })
assert(redirect.status === 'redirect')
assert.match(redirect.url, /^https:\/\/github\.com\/login\/oauth\/authorize\?/)

server.close()
server.closeAllConnections()
console.log('Every way of the packed packages begins.')

/** Mails are sent after the response. */
async function waitForMail<TType extends Mail['type']>(type: TType): Promise<Extract<Mail, { type: TType }>> {
  for (;;) {
    const found = mails.find((mail) => mail.type === type)
    if (found) return found as Extract<Mail, { type: TType }> // its type was compared
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function kindOf(call: Promise<unknown>): Promise<string | null> {
  try {
    await call
  } catch (error) {
    if (error instanceof TRPCClientError) return (error as TRPCClientError<AppRouter>).data?.kind ?? error.message
    throw error
  }
  assert.fail('the call succeeded')
}
