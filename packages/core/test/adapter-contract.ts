import { afterAll, beforeAll, describe } from 'vitest'
import type { CompleteAdapter } from '../src/store/adapter.ts'
import { describeAccounts } from './adapter/accounts.ts'
import { describeExpiry } from './adapter/expiry.ts'
import { describeRaces } from './adapter/races.ts'
import { describeRevocation } from './adapter/revocation.ts'
import { describeSessions } from './adapter/sessions.ts'
import { describeText } from './adapter/text.ts'
import { describeUsers } from './adapter/users.ts'
import { describeVerificationTokens } from './adapter/verification-tokens.ts'

export interface OpenedAdapter {
  readonly adapter: CompleteAdapter
  readonly close: () => Promise<void>
}

/** What every store must do: the same sentences for each. `open` gives an empty one. */
export function describeSessionAdapter(name: string, open: () => Promise<OpenedAdapter>): void {
  describe(`the adapter contract: ${name}`, () => {
    let opened: OpenedAdapter | undefined
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened?.close())

    const store = () => {
      if (!opened) throw new Error('the store is not open')
      return opened.adapter
    }
    describeUsers(store)
    describeAccounts(store)
    describeSessions(store)
    describeRevocation(store)
    describeExpiry(store)
    describeVerificationTokens(store)
    describeText(store)
    describeRaces(store)
  })
}
