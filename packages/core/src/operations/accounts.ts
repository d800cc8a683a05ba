import { listNamedAccounts, toExportedAccount } from '../accounts/list.ts'
import { listsAccounts } from '../accounts/store.ts'
import { unlinkAccount } from '../accounts/unlink.ts'
import { listWays } from '../accounts/ways.ts'
import type { AccountInfo, WayInfo } from '../contract/account.ts'
import type { Operation } from '../contract/operation.ts'
import type { OperationCall } from '../request/call.ts'
import type { RequestEngine } from '../request/engine.ts'
import { isSessionAdapter } from '../store/adapter.ts'
import { idInput } from './input.ts'
import { own } from './own.ts'

/** A person's accounts at other services, with an adapter that lists them. */
export interface AccountsOperations {
  readonly accounts: {
    /** The accounts at other services that are linked to the person. */
    readonly list: Operation<'query', void, readonly AccountInfo[]>
    /** Every way to sign in that the person has: those of plug-ins, and their linked accounts. */
    readonly ways: Operation<'query', void, readonly WayInfo[]>
    /** Takes one away, by its id in the list. `NotFound` if it isn't theirs, `LastWayIn` if they could not sign in without it. */
    readonly unlink: Operation<'mutation', { readonly id: string }, { unlinked: true }>
  }
}

export function accountsOperations({ adapter }: RequestEngine): AccountsOperations {
  const has = listsAccounts(adapter) && isSessionAdapter(adapter)
  const missing = has ? null : 'accounts: the adapter can’t list accounts (listAccounts) or end sessions by id'
  return {
    accounts: {
      list: own({ type: 'query', access: 'session', missing, run: list }),
      ways: own({ type: 'query', access: 'session', missing, run: ({ engine, user }) => listWays(engine, user.id) }),
      unlink: own({ type: 'mutation', access: 'fresh', input: idInput, missing, run: unlink }),
    },
  }
}

async function list({ engine: { adapter }, user }: OperationCall): Promise<readonly AccountInfo[]> {
  const accounts = listsAccounts(adapter) ? await listNamedAccounts(adapter, user.id) : []
  return accounts.map((account) => {
    const { providerAccountId: _, ...info } = toExportedAccount(account)
    return info
  })
}

/** It is linked again if it was the last way in: so this, too, must not meet somebody who takes the row over. */
async function unlink({ engine, user, whileSignedIn }: OperationCall, { id }: { readonly id: string }) {
  await whileSignedIn(async () => {
    const row = await engine.adapter?.getUser?.(user.id)
    await unlinkAccount(engine, row ? { ...row } : { ...user }, id)
  })
  return { unlinked: true as const }
}
