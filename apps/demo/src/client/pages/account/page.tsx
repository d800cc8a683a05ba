import { readAddress } from '../../navigation.tsx'
import { explainKind } from '../../text/errors.ts'
import type { ClientSession } from '../../trpc.ts'
import { Page } from '../../ui/page.tsx'
import { Address } from './address.tsx'
import { Leave } from './leave.tsx'
import { LinkedAccounts } from './linked-accounts.tsx'
import { Passkeys } from './passkeys.tsx'
import { Password } from './password.tsx'
import { SecondFactor } from './second-factor.tsx'

/** With what a person signs in, and what they can change of it. What weakens an account asks for a fresh sign-in. */
export function AccountPage({ session }: { readonly session: ClientSession }) {
  const failed = readAddress('error')
  return (
    <Page title="Account" intro="How you sign in here. There is always one way left that works.">
      {failed && (
        <p className="notice notice-bad" role="alert">
          {explainKind(failed)}
        </p>
      )}
      <div className="columns">
        <Address email={session.user.email ?? ''} />
        <Password email={session.user.email ?? ''} />
        <Passkeys />
        <LinkedAccounts />
        <SecondFactor />
        <Leave />
      </div>
    </Page>
  )
}
