import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { type Account, type ClientMetadata, type JWK, Provider } from 'oidc-provider'
import { PEOPLE } from './people.ts'

export interface DemoIdOptions {
  /** Where it is reached: `http://127.0.0.1:3001`. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Where it may send the browser back to. */
  readonly redirectUri: string
}

/** A real OpenID provider, certified by the foundation's tests, for one client: the demo. Its keys last as long as the process. */
export async function createDemoId({ issuer, clientId, clientSecret, redirectUri }: DemoIdOptions): Promise<Provider> {
  const client: ClientMetadata = {
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
  }
  return new Provider(issuer, {
    clients: [client],
    jwks: { keys: [await createKey()] },
    cookies: { keys: [crypto.randomUUID()] },
    claims: { profile: ['name'], email: ['email', 'email_verified'] },
    // All of them stand in the id_token too.
    conformIdTokenClaims: false,
    // The login page, and consent to what it has said: ours.
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    findAccount: (_, id) => findAccount(id),
    ttl: { AccessToken: 60 * 60, Session: 60 * 60, Interaction: 10 * 60, Grant: 60 * 60, IdToken: 60 * 60 },
  })
}

function findAccount(id: string): Account | undefined {
  const person = PEOPLE.find((candidate) => candidate.id === id)
  if (!person) return undefined
  const { name, email, verified } = person
  return { accountId: id, claims: () => ({ sub: id, name, email, email_verified: verified }) }
}

async function createKey(): Promise<JWK> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'demo' }
}
