import { describe, expect, test } from 'vitest'
import { minutes, NOW, type Store } from './support.ts'

export function describeVerificationTokens(store: Store): void {
  describe('verification tokens', () => {
    const newToken = () => ({ identifier: `${crypto.randomUUID()}@example.com`, token: 'hash', expires: minutes(10) })

    test('a token is used once', async () => {
      const token = newToken()
      expect(await store().createVerificationToken(token)).toEqual(token)
      expect(await store().useVerificationToken(token)).toEqual(token)
      expect(await store().useVerificationToken(token)).toBeNull()
    })

    test('E03 it takes the right identifier and the right token, and a wrong guess uses nothing up', async () => {
      const token = newToken()
      await store().createVerificationToken(token)
      const guesses = [
        { ...token, token: 'other' },
        { ...token, token: 'HASH' },
        { ...token, token: 'hash ' },
        { ...token, token: '' },
        { ...token, identifier: newToken().identifier },
        { ...token, identifier: token.identifier.toUpperCase() },
        { ...token, identifier: `${token.identifier} ` },
      ]
      for (const guess of guesses) expect(await store().useVerificationToken(guess)).toBeNull()
      expect(await store().useVerificationToken(token)).toEqual(token)
    })

    test('two identifiers may have the same token, one may have two, and the same twice is refused', async () => {
      const [first, second] = [newToken(), newToken()]
      const third = { ...first, token: 'another' }
      for (const token of [first, second, third]) await store().createVerificationToken(token)
      await expect(store().createVerificationToken({ ...first, expires: minutes(99) })).rejects.toThrow()
      for (const token of [first, second, third]) expect(await store().useVerificationToken(token)).toEqual(token)
    })

    test('an expired one is handed out too: the engine judges it', async () => {
      const token = { ...newToken(), expires: NOW }
      await store().createVerificationToken(token)
      expect(await store().useVerificationToken(token)).toEqual(token)
    })
  })
}
