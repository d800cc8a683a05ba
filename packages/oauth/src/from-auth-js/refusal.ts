import type { Settings } from './settings.ts'

/** Why a provider of Auth.js can't be taken; null if it can. The reasons stand in docs/providers.md. */
export function findRefusal(settings: Settings): string | null {
  const { type, token, userinfo, client, clientId, issuer, authorization } = settings
  if (type !== 'oauth' && type !== 'oidc')
    return OTHER_TYPES.get(type) ?? 'it is not a provider of OAuth or OpenID Connect'
  if (token.request) return "it makes the token request itself (`token.request`), which Auth.js 5 doesn't call either"
  if (client.userinfo_signed_response_alg) return 'its userinfo is a signed JWT, which is not supported'
  if (!AUTH_METHODS.has(client.token_endpoint_auth_method))
    return `\`token_endpoint_auth_method\` ${JSON.stringify(client.token_endpoint_auth_method)} is not supported`
  if (!userinfo.request && /[{}]/.test(userinfo.url ?? ''))
    return "its `userinfo` has a placeholder, which Auth.js doesn't fill in either: give it a `userinfo` with a `request` function"
  if (!clientId) return 'it has no `clientId`. Auth.js reads it from the environment by itself; give it to the provider'
  if (type === 'oidc' && !issuer) return 'it has no `issuer`: give it to the provider'
  if (type === 'oauth' && !(authorization.url && token.url && (userinfo.url || userinfo.request)))
    return 'it lacks an address: give `authorization`, `token` and `userinfo` to the provider'
  if (settings.allowDangerousEmailAccountLinking)
    return "`allowDangerousEmailAccountLinking` lets the owner of an account at the provider take over anybody's here: remove it, and see `trustEmail`"
  return null
}

const OTHER_TYPES: ReadonlyMap<unknown, string> = new Map([
  ['credentials', 'it checks credentials: use `credentials()` or `password()`'],
  ['email', 'it sends e-mail: use `magicLink()` or `emailCode()`, whose `send` may call the same service'],
  ['webauthn', 'it is WebAuthn: use `passkey()`'],
])

const AUTH_METHODS: ReadonlySet<unknown> = new Set([undefined, 'client_secret_basic', 'client_secret_post', 'none'])
