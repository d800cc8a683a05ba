import type { OidcOptions, ProviderProfile } from '../provider.ts'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
/** What stands for all tenants. The discovery document of these has a placeholder in its issuer. */
const SHARED: ReadonlySet<string> = new Set(['common', 'organizations'])
/** The tenant of all personal accounts. */
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** Whether this is the id of one tenant. */
export function isTenantId(tenant: string): boolean {
  return UUID.test(tenant)
}

/**
 * The issuer of a tenant's id_tokens, and of each person's own tenant if many may sign in.
 *
 * @throws TypeError if the tenant is neither a UUID nor one of Microsoft's three words
 */
export function describeEntraIssuer(
  tenant: string,
  authority = 'https://login.microsoftonline.com',
): Pick<OidcOptions, 'issuer' | 'discovery' | 'expectedIssuer'> {
  const issuerOf = (id: string) => `${authority}/${id}/v2.0`
  const discovery = `${issuerOf(tenant)}/.well-known/openid-configuration`
  if (SHARED.has(tenant)) {
    const expectedIssuer = ({ tid }: ProviderProfile) => {
      if (typeof tid === 'string' && isTenantId(tid)) return issuerOf(tid)
      throw new Error('the id_token names no tenant')
    }
    return { issuer: issuerOf('{tenantid}'), discovery, expectedIssuer }
  }
  const id = tenant === 'consumers' ? PERSONAL : tenant.toLowerCase()
  if (!isTenantId(id))
    throw new TypeError(
      `tenant must be a UUID, 'common', 'organizations' or 'consumers', not ${JSON.stringify(tenant)}`,
    )
  return { issuer: issuerOf(id), discovery }
}
