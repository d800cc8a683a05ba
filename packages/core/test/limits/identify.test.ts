import { describe, expect, test } from 'vitest'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openLog, passwordProvider } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'

const ADDRESS = '203.0.113.7'
const UNLIMITED = /sign-in attempts of the provider "credentials" are not limited/

/** What the log says after three wrong guesses, of which the server knows the address or not. */
async function guessThrice(options: Partial<AnyOptions>, address?: string) {
  const { logger, lines } = openLog()
  const auth = makeAuth({ logger, ...options })
  for (const email of ['ann@example.com', 'bob@example.com', 'ann@example.com']) {
    const browser = createBrowser(auth, address === undefined ? {} : { address })
    expect(await readKind(await browser.signIn(email, 'wrong'))).toBe('CredentialsSignin')
  }
  return lines.map(({ message }) => message)
}

const named = passwordProvider()
const unnamed = { ...passwordProvider(), identify: null }

describe('M16 C12 whom an attempt is for', () => {
  test.each([
    { known: 'the name', provider: named, address: undefined },
    { known: 'the address', provider: unnamed, address: ADDRESS },
    { known: 'both', provider: named, address: ADDRESS },
  ])('where $known is known the log says nothing', async ({ provider, address }) => {
    expect(await guessThrice({ providers: [provider] }, address)).toEqual([])
  })

  test('where neither is known the log says once that nothing is limited, and what to do', async () => {
    const lines = await guessThrice({ providers: [unnamed] })
    expect(lines).toEqual([expect.stringMatching(UNLIMITED)])
    expect(lines[0]).toMatch(/identify/)
    expect(lines[0]).toMatch(/address/)
  })

  test('where limits are switched off it says nothing', async () => {
    expect(await guessThrice({ providers: [unnamed], limits: { signIn: false } })).toEqual([])
  })

  test('of a way that needs no name the log says nothing', async () => {
    expect(await guessThrice({ providers: [{ ...unnamed, type: 'email' }] })).toEqual([])
  })

  test.each([undefined, 7, { email: 'x' }])('an identify that returns %j is a failure of the server', async (name) => {
    const checked: string[] = []
    const provider = {
      ...passwordProvider(({ email }) => checked.push(email)),
      identify: () => name as never, // from JavaScript: its type refuses it
    }
    const response = await createBrowser(makeAuth({ providers: [provider] })).signIn('ann@example.com', 'wrong')
    expect(await readKind(response)).toBe('CallbackRouteError')
    expect(checked).toEqual([])
  })
})
