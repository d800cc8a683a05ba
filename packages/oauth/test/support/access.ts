import type { TestApp } from '../../../../test/support/app.ts'
import type { AccessTokenQuery, OAuthAccounts, ProviderAccess } from '../../src/index.ts'

/** `auth.accounts.accessToken()` of an app whose types only its test knows. */
export async function getAccess({ auth }: TestApp, query: AccessTokenQuery): Promise<ProviderAccess> {
  const { accounts } = auth as unknown as { readonly accounts: OAuthAccounts }
  return accounts.accessToken(query)
}
