import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../../../test/support/app.ts'
import { listStores, type OpenStore } from '../../../test/support/stores.ts'
import { describeWith } from '../../kysely/test/services.ts'
import { createMailbox } from './support/mailbox.ts'
import { plugins } from './support/open.ts'
import { newAddress, receiveCode, receiveLink, signInWithCode, wrong } from './support/people.ts'

for (const { name, service, open } of await listStores(plugins(createMailbox()))) {
  const suite = () => describeStore(open)
  if (service) describeWith(service, `e-mail on ${name}`, suite)
  else describe(`e-mail on ${name}`, suite)
}

const NOW = Date.UTC(2026, 10, 29, 12)

function describeStore(open: () => Promise<OpenStore>): void {
  let store: OpenStore
  const apps: TestApp[] = []

  beforeAll(async () => void (store = await open()))
  afterAll(() => store?.close())
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop()
  })

  const start = async () => {
    const mailbox = createMailbox()
    const app = await startApp({ adapter: store.adapter, plugins: plugins(mailbox), now: NOW })
    apps.push(app)
    return { ...app, mailbox }
  }
  /** What came of many calls at once. */
  const count = (answers: readonly { readonly kind: string | null }[], kind: string | null) =>
    answers.filter((answer) => answer.kind === kind).length

  test.each(['cookie', 'token'] as const)(
    'E01 of 20 submits of one code at once, one is a session (%s)',
    async (flow) => {
      const { client, mailbox, told } = await start()
      const { use } = await receiveCode(client(flow), mailbox, newAddress())
      const answers = await Promise.all(Array.from({ length: 20 }, () => use()))
      expect(count(answers, null)).toBe(1)
      expect(count(answers, 'EmailCodeExpired') + count(answers, 'CredentialsSignin')).toBe(19)
      expect(told.filter(({ name }) => name === 'events.signIn')).toHaveLength(1)
    },
  )

  test.each(['cookie', 'token'] as const)('E01 of 20 uses of one link at once, one is a session (%s)', async (flow) => {
    const { client, mailbox, told } = await start()
    const { confirm } = await receiveLink(client(flow), mailbox, newAddress())
    const answers = await Promise.all(Array.from({ length: 20 }, () => confirm()))
    expect([count(answers, null), count(answers, 'MagicLinkExpired')]).toEqual([1, 19])
    expect(told.filter(({ name }) => name === 'events.signIn')).toHaveLength(1)
  })

  test('E02 a code works once, for ten minutes, until a newer one was sent', async () => {
    const { client, mailbox, wait } = await start()
    const [ann, email] = [client('cookie'), newAddress()]
    const first = await receiveCode(ann, mailbox, email)
    const second = await receiveCode(ann, mailbox, email)
    if (first.code !== second.code) expect((await first.use()).kind).toBe('CredentialsSignin')
    expect((await second.use()).kind).toBeNull()
    expect((await second.use()).kind).toBe('EmailCodeExpired')
    const third = await receiveCode(ann, mailbox, email)
    wait(600)
    expect((await third.use()).kind).toBe('EmailCodeExpired')
  })

  test('E02 a link works once, for ten minutes, until a newer one was sent', async () => {
    const { client, mailbox, wait } = await start()
    const [ann, email] = [client('cookie'), newAddress()]
    const first = await receiveLink(ann, mailbox, email)
    const second = await receiveLink(ann, mailbox, email)
    expect((await first.confirm()).kind).toBe('MagicLinkExpired')
    expect((await second.confirm()).kind).toBeNull()
    expect((await second.confirm()).kind).toBe('MagicLinkExpired')
    const third = await receiveLink(ann, mailbox, email)
    wait(600)
    expect((await third.confirm()).kind).toBe('MagicLinkExpired')
  })

  test('E03 the right address with a wrong code, and the right code with another address, count as guesses', async () => {
    const { client, mailbox } = await start()
    const { code, use } = await receiveCode(client('cookie'), mailbox, newAddress())
    expect((await use(wrong(code))).kind).toBe('CredentialsSignin')
    expect((await use(code, { email: newAddress('bob') })).kind).toBe('CredentialsSignin')
    for (let guess = 0; guess < 3; guess++) expect((await use(wrong(code))).kind).toBe('CredentialsSignin')
    // Those were five.
    expect((await use()).kind).toBe('EmailCodeExpired')
  })

  test('E04 of 20 guesses at once, five are compared', async () => {
    const { client, mailbox } = await start()
    const { code, use } = await receiveCode(client('cookie'), mailbox, newAddress())
    const answers = await Promise.all(Array.from({ length: 20 }, () => use(wrong(code))))
    expect([count(answers, 'CredentialsSignin'), count(answers, 'EmailCodeExpired')]).toEqual([5, 15])
  })

  test('P12 two accounts prove one address at the same moment: one gets it', async () => {
    const { client, mailbox } = await start()
    const [ann, bob, wanted] = [client('cookie'), client('cookie'), newAddress('wanted')]
    const [annsId, bobsId] = [
      await signInWithCode(ann, mailbox, newAddress()),
      await signInWithCode(bob, mailbox, newAddress('bob')),
    ]
    const codes: string[] = []
    for (const person of [ann, bob]) {
      await person.mutate('auth.account.changeEmail', { email: wanted })
      codes.push((await mailbox.take('changeCode', wanted)).code)
    }
    const answers = await Promise.all(
      [ann, bob].map((person, index) => person.mutate('auth.account.confirmEmail', { code: codes[index] })),
    )
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['EmailChangeTaken', null].toSorted())
    const owner = await store.adapter.getUserByEmail(wanted)
    expect([annsId, bobsId]).toContain(owner?.id)
  })

  test('nothing in the tables is what was sent', async () => {
    const { client, mailbox } = await start()
    const ann = client('cookie')
    const { code } = await receiveCode(ann, mailbox, newAddress())
    const { token } = await receiveLink(ann, mailbox, newAddress())
    for (const [table, secret] of [
      ['email_code_codes', code],
      ['magic_link_links', token],
    ] as const) {
      const rows = await store.dump(table)
      if (rows === null) continue
      expect(rows).toContain('"digest"')
      expect(rows).not.toContain(`"${secret}"`)
      for (const value of ann.cookies.values()) expect(rows).not.toContain(value)
    }
  })
}
