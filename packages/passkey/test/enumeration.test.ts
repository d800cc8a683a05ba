import { memoryAdapter } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestApp } from '../../../test/support/app.ts'
import { describeEachWay } from '../../../test/support/each-way.ts'
import type { SignInOptions } from '../src/index.ts'
import { createOwner, createPerson, register, startPasskeyApp } from './support/people.ts'

describeEachWay(({ flow, strategy }) => {
  let app: TestApp
  let addresses: Readonly<Record<'owner' | 'without' | 'nobody', string>>

  beforeAll(async () => {
    app = await startPasskeyApp({ adapter: memoryAdapter(), strategy, passkey: { maxPerUser: 6 } })
    const owner = await createOwner(app, flow)
    await register(owner)
    const without = await createPerson(app, flow)
    addresses = { owner: owner.email, without: without.email, nobody: `nobody-${without.email}` }
  })
  afterAll(() => app?.stop())

  const ask = (email: string) => app.client(flow).mutate<SignInOptions>('auth.passkey.signInOptions', { email })

  describe('P01: signInOptions says nothing of an address', () => {
    test('status, headers and form are those of every address', async () => {
      const forms = new Set<string>()
      for (const email of Object.values(addresses)) {
        const { status, data, headers } = await ask(email)
        const cookies = headers.getSetCookie().map((cookie) => [cookie.split('=')[0], cookie.length])
        const names = [...headers.keys()].filter((name) => name !== 'content-length' && name !== 'date')
        const { allowCredentials = [], handle = '', ...rest } = { ...data, challenge: data.challenge.length }
        const credentials = allowCredentials.map((credential) => Object.keys(credential).join())
        forms.add(JSON.stringify({ status, cookies, names, rest, credentials, handle: handle.length }))
      }
      expect([...forms]).toHaveLength(1)
    })

    test('there are as many credentials for each, and the same again', async () => {
      for (const email of Object.values(addresses)) {
        const [first, again, otherwise] = [await ask(email), await ask(email), await ask(` ${email.toUpperCase()}`)]
        const ids = first.data.allowCredentials?.map(({ id }) => id)
        expect(new Set(ids).size).toBe(6)
        expect(again.data.allowCredentials?.map(({ id }) => id)).toEqual(ids)
        expect(otherwise.data.allowCredentials?.map(({ id }) => id)).toEqual(ids)
      }
    })

    test('the ids of another address are others, and of lengths that real ones have', async () => {
      const lists = await Promise.all(
        Array.from(
          { length: 40 },
          async (_, index) => (await ask(`n${index}@example.com`)).data.allowCredentials ?? [],
        ),
      )
      const ids = lists.flat().map(({ id }) => id)
      expect(new Set(ids).size).toBe(240)
      expect(new Set(ids.map((id) => Buffer.from(id, 'base64url').length))).toEqual(new Set([16, 20, 32, 48, 64]))
    })

    test('a new passkey changes one of them', async () => {
      const person = await createPerson(app, flow)
      const list = async () => (await ask(person.email)).data.allowCredentials?.map(({ id }) => id) ?? []
      const before = new Set(await list())
      await register(person)
      const after = await list()
      expect(after).toHaveLength(6)
      expect(after.filter((id) => !before.has(id))).toEqual([person.device.credentials[0]?.id])
    })

    test('what is no address is InvalidInput, whoever it may belong to', async () => {
      for (const email of ['', 'ann', 'a@b', 'ann@example.com, bob@example.com', `${'a'.repeat(300)}@example.com`])
        expect(await ask(email)).toMatchObject({ status: 400, kind: 'InvalidInput', error: { fields: ['email'] } })
    })
  })

  test('two instances that begin at the same moment agree on the ids', async () => {
    const adapter = memoryAdapter()
    const [one, two] = [await startPasskeyApp({ adapter }), await startPasskeyApp({ adapter })]
    const read = async ({ client }: TestApp) =>
      (await client(flow).mutate<SignInOptions>('auth.passkey.signInOptions', { email: 'x@example.com' })).data
    const [a, b] = await Promise.all([read(one), read(two)])
    expect(a.allowCredentials).toEqual(b.allowCredentials)
    await Promise.all([one.stop(), two.stop()])
  })
})

test('P02: both cases take as long', async () => {
  const app = await startPasskeyApp({ adapter: memoryAdapter() })
  const { email } = await createOwner(app, 'token')
  const client = app.client('token')
  const time = async (address: string) => {
    const begun = performance.now()
    await client.mutate('auth.passkey.signInOptions', { email: address })
    return performance.now() - begun
  }
  for (let round = 0; round < 50; round++) await time(round % 2 ? email : 'nobody@example.com')
  const [known, unknown]: [number[], number[]] = [[], []]
  for (let pair = 0; pair < 300; pair++) {
    const first = pair % 2
    for (const isKnown of [first === 0, first !== 0])
      (isKnown ? known : unknown).push(await time(isKnown ? email : `nobody${pair}@example.com`))
  }
  const auc = areaUnderCurve(known, unknown)
  expect(auc).toBeGreaterThanOrEqual(0.42)
  expect(auc).toBeLessThanOrEqual(0.58)
  const difference = Math.abs(median(known) - median(unknown))
  expect(difference).toBeLessThanOrEqual(Math.max(2, median(unknown) * 0.05))
  await app.stop()
})

/** Mann and Whitney: how often one is above the other. */
function areaUnderCurve(some: readonly number[], others: readonly number[]): number {
  const above = some.flatMap((one) => others.map((other): number => (one > other ? 1 : one === other ? 0.5 : 0)))
  return above.reduce((sum, value) => sum + value, 0) / above.length
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}
