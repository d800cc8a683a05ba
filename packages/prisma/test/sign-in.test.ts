import { migrateToLatest } from '@latchkey/kysely/migrate'
import { password } from '@latchkey/password'
import { expect, onTestFinished, test } from 'vitest'
import { describeWith } from '../../kysely/test/services.ts'
import { startApp } from '../../../test/support/app.ts'
import { kyselyOf, prismaAdapter } from '../src/index.ts'
import { installed } from './support/clients.ts'
import { DATABASES } from './support/databases.ts'

const GOOD = 'correct horse battery staple'

describeWith(installed, 'an app on Prisma', () => {
  for (const { name, service, create } of DATABASES) {
    describeWith(service, name, () => {
      test('signs up, signs in, lists and ends its sessions over HTTP', async () => {
        const database = await create()
        onTestFinished(database.drop)
        const prisma = database.connect()
        const plugins = [password()]
        await migrateToLatest(kyselyOf(prisma), { plugins })
        const app = await startApp({ adapter: prismaAdapter(prisma, { writeTimeout: '30s' }), plugins })
        onTestFinished(app.stop)
        const [browser, native] = [app.client('cookie'), app.client('token')]
        const email = 'ada@example.com'
        const signIn = { provider: 'password', email: 'ADA@example.com', password: GOOD }
        expect(await browser.mutate('auth.password.signUp', { email, password: GOOD })).toMatchObject({ status: 200 })
        const id = await browser.whoAmI()
        expect(id).not.toBeNull()
        expect(await native.mutate('auth.signIn', { ...signIn, password: 'wrong' })).toMatchObject({ status: 401 })
        expect(await native.mutate('auth.signIn', signIn)).toMatchObject({ status: 200 })
        expect(await native.whoAmI()).toBe(id)
        expect(await browser.query('auth.sessions.list')).toMatchObject({ status: 200, data: { length: 2 } })
        expect(await browser.mutate('auth.sessions.revokeOthers')).toMatchObject({ status: 200 })
        expect([await browser.whoAmI(), await native.whoAmI()]).toEqual([id, null])
      })
    })
  }
})
