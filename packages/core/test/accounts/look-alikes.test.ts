import { memoryAdapter, provider } from '@latchkey/core'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startApp, type TestApp } from '../../../../test/support/app.ts'
import { describeEachWay } from '../../../../test/support/each-way.ts'

const input = z.object({ email: z.string() })
const proven = provider({ id: 'mail', type: 'email', input, begin: ({ email }) => ({ email, create: { email } }) })
const elsewhere = provider({
  id: 'elsewhere',
  type: 'oauth',
  input,
  begin: ({ email }) => ({
    account: { provider: 'elsewhere', type: 'oauth' as const, providerAccountId: email },
    person: { email, emailVerified: new Date() },
  }),
})

/** A store whose database compares as MySQL does by default: accents don't matter. */
function foldingAdapter() {
  const adapter = memoryAdapter()
  const plain = (text: string) => text.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '')
  const seen: string[] = []
  return {
    ...adapter,
    createUser: async (user: Parameters<typeof adapter.createUser>[0]) => {
      seen.push(String(user.email))
      return adapter.createUser(user)
    },
    getUserByEmail: async (email: string) =>
      adapter.getUserByEmail(seen.find((known) => plain(known) === plain(email)) ?? email),
  }
}

describeEachWay(({ flow, strategy }) => {
  let app: TestApp
  afterEach(() => app?.stop())

  test.each([
    ['mail', 'mail'],
    ['elsewhere', 'elsewhere'],
    ['mail', 'elsewhere'],
    ['elsewhere', 'mail'],
  ])('a look-alike of an address is another mailbox: %s, then %s', async (theirs, own) => {
    app = await startApp({ adapter: foldingAdapter(), strategy, providers: [proven, elsewhere] })
    const [owner, other] = [app.client(flow), app.client(flow)]
    const email = 'rené@example.com'
    expect(await owner.mutate('auth.signIn', { provider: theirs, email })).toMatchObject({ status: 200 })
    expect(await app.client(flow).mutate('auth.signIn', { provider: theirs, email })).toMatchObject({ status: 200 })
    const refused = await other.mutate('auth.signIn', { provider: own, email: 'rene@example.com' })
    expect(refused).toMatchObject({ status: 409, kind: 'OAuthAccountNotLinked' })
    expect(await other.whoAmI()).toBeNull()
  })
})
