import type { AccountExport } from '../contract/account.ts'
import type { Operation } from '../contract/operation.ts'
import type { OperationCall } from '../request/call.ts'
import type { RequestEngine } from '../request/engine.ts'
import { requireWritable } from '../request/outgoing.ts'
import { deleteUser } from '../request/users.ts'
import { isSessionAdapter } from '../store/adapter.ts'
import { clearCookies, isTokenBorne } from './clear-cookies.ts'
import { exportAccount } from './export-account.ts'
import { own } from './own.ts'

/** A person's account here, with an adapter that ends sessions by id. */
export interface AccountOperations {
  readonly account: {
    /** Deletes the person with all that is theirs, ends their sessions, and clears this browser's cookie. */
    readonly delete: Operation<'mutation', void, { deleted: true }>
    /** Everything that is kept of the person, without what authenticates. `SessionRevoked` if their session ends while it is read. */
    readonly export: Operation<'query', void, AccountExport>
  }
}

export function accountOperations({ adapter }: RequestEngine): AccountOperations {
  const missing = isSessionAdapter(adapter) ? null : 'account: the adapter can’t end sessions by id'
  return {
    account: {
      delete: own({ type: 'mutation', access: 'fresh', missing, run: deleteOwn }),
      export: own({ type: 'query', access: 'fresh', missing, run: exportAccount }),
    },
  }
}

/** The account may be somebody else's by now: it isn't taken over while it is being deleted. */
async function deleteOwn({ engine, source, lookUp, user, whileSignedIn }: OperationCall): Promise<{ deleted: true }> {
  if (!isTokenBorne(lookUp)) requireWritable(source)
  await whileSignedIn(() => deleteUser(engine, user.id))
  if (source.response.writability() === 'writable') clearCookies(engine, source, lookUp)
  return { deleted: true }
}
