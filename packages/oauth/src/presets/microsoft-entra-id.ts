import type { OidcProvider, ProviderPerson } from '../provider.ts'
import { isTrue, type StandardClaims } from './claims.ts'
import { describeEntraIssuer, isTenantId } from './entra-issuer.ts'
import { type OidcPresetOptions, oidcPreset } from './options.ts'

/** What Microsoft's id_token says of a person. */
export interface MicrosoftEntraIdProfile extends StandardClaims {
  /** The tenant that the account belongs to. */
  readonly tid: string
  /** The person in their tenant: the same for all apps. */
  readonly oid?: string
  readonly preferred_username?: string
  /** Whether the owner of the e-mail address' domain is this tenant, as proven to Microsoft. An optional claim. */
  readonly xms_edov?: boolean | number | string
}

/** What {@link microsoftEntraId} takes. */
export interface MicrosoftEntraIdOptions<TId extends string> extends OidcPresetOptions<TId, MicrosoftEntraIdProfile> {
  /**
   * Who may sign in: the people of one tenant (its id, a UUID), of all tenants (`'organizations'`), those with a personal account
   * (`'consumers'`), or all of them (`'common'`).
   *
   * @default 'common'
   */
  readonly tenant?: string
  /**
   * The one tenant is your own organisation's, whose administrators give out the addresses: they count as verified.
   *
   * Never set it for a customer's tenant: its administrators could write any address into an account, and sign in as its owner.
   *
   * @default false
   */
  readonly ownTenant?: boolean
  /** Where Microsoft's identity platform is, for national clouds. @default 'https://login.microsoftonline.com' */
  readonly authority?: string
}

/**
 * Sign in with Microsoft Entra ID (once Azure AD), and with personal Microsoft accounts.
 *
 * - Register: Microsoft Entra admin center, "App registrations", platform "Web". Redirect URI: `/auth/callback/microsoft-entra-id`.
 * - Scopes: `openid profile email`.
 * - Verified e-mail: no. Any tenant's administrator can write any address into an account (the attack is known as nOAuth). It counts as
 *   verified only if the token says that the tenant owns the address' domain (add the optional claims `email` and `xms_edov` to the
 *   registration, "Token configuration"), or with `ownTenant`.
 * - The id_token's issuer has the person's tenant in it, and is checked against the token's own `tid`; with a `tenant` against that one.
 * - There is no picture: it needs a call of Microsoft Graph.
 *
 * @example microsoftEntraId({ clientId: process.env.ENTRA_ID!, clientSecret: process.env.ENTRA_SECRET!, tenant: process.env.ENTRA_TENANT! })
 * @throws TypeError if the tenant is neither a UUID nor one of the three words. A domain name's UUID stands in the admin center
 */
export function microsoftEntraId<const TId extends string = 'microsoft-entra-id'>(
  options: MicrosoftEntraIdOptions<TId>,
): OidcProvider<TId> {
  const { tenant = 'common', ownTenant = false, authority, ...rest } = options
  if (ownTenant && !isTenantId(tenant)) throw new TypeError('ownTenant needs the id of your tenant')
  const profile = (claims: MicrosoftEntraIdProfile) => toPerson(claims, ownTenant)
  return oidcPreset({ ...ENTRA, ...describeEntraIssuer(tenant, authority), profile }, rest)
}

const ENTRA = {
  id: 'microsoft-entra-id',
  name: 'Microsoft',
  scope: 'openid profile email',
  trustEmail: true,
  // All there is stands in the id_token.
  userinfo: 'never',
} as const

function toPerson({ name, email, xms_edov }: MicrosoftEntraIdProfile, ownTenant: boolean): ProviderPerson {
  return { name, email, emailVerified: ownTenant || isTrue(xms_edov), image: null }
}
