import { expect, onTestFinished, test } from 'vitest'
import { type Interfere, interferingAdapter } from '../../../test/support/interfering.ts'
import type { NewApiKey } from '../src/index.ts'
import { startApp } from './support/app.ts'

/** Somebody with a key. `beforeUpdate`: runs something once, before the next update of a key. */
async function open() {
  let interfere: Interfere = async () => {}
  const app = await startApp({ adapter: interferingAdapter((table, method) => interfere(table, method)) })
  onTestFinished(app.stop)
  const person = await app.signIn('ann')
  const { id } = (await person.mutate<NewApiKey>('auth.apiKey.create', { name: 'ci', scopes: ['posts:read'] })).data
  return {
    rotate: () => person.mutate<NewApiKey>('auth.apiKey.rotate', { id }),
    change: (operation: 'rename' | 'revoke', input = {}) => person.mutate(`auth.apiKey.${operation}`, { id, ...input }),
    isGood: async (key: string) => (await app.as({ 'x-api-key': key }).query('read')).status === 200,
    beforeUpdate: (run: () => Promise<unknown>) => {
      interfere = async (table, method) => {
        if (`${table}.${method}` !== 'api_key_keys.update') return
        interfere = async () => {}
        await run()
      }
    },
  }
}

test('of two who rotate a key at once the faster gets the new key, and the other none', async () => {
  const { rotate, isGood, beforeUpdate } = await open()
  let key = ''
  beforeUpdate(async () => void (key = (await rotate()).data.key))
  expect(await rotate()).toMatchObject({ status: 404, kind: 'NotFound' })
  expect(await isGood(key)).toBe(true)
  const next = await rotate()
  expect([await isGood(next.data.key), await isGood(key)]).toEqual([true, false])
})

test('a key that is revoked while it is rotated stays revoked', async () => {
  const { rotate, change, beforeUpdate } = await open()
  beforeUpdate(() => change('revoke'))
  expect(await rotate()).toMatchObject({ status: 404, kind: 'NotFound' })
  expect(await rotate()).toMatchObject({ status: 404, kind: 'NotFound' })
})

test('a key that gets another name while it is rotated is rotated', async () => {
  const { rotate, change, isGood, beforeUpdate } = await open()
  beforeUpdate(() => change('rename', { name: 'nightly' }))
  expect(await isGood((await rotate()).data.key)).toBe(true)
})
