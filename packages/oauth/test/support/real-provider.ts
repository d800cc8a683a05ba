import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type Configuration, type JWK, Provider } from 'oidc-provider'

/** Somebody with an account at the provider. */
export interface Person {
  readonly sub: string
  readonly name?: string
  email?: string
  readonly email_verified?: boolean
}

export interface RealProviderOptions {
  readonly people?: readonly Person[]
  /** Whether the id_token has all claims, and userinfo needn't be asked. */
  readonly claimsInIdToken?: boolean
  readonly more?: Configuration
}

export const CLIENT = { clientId: 'app', clientSecret: 'a secret of the app: + / %' }

/** A real, certified OpenID provider on a port of its own. Whoever is `person` signs in there at once and agrees to everything. */
export interface RealProvider {
  readonly issuer: string
  readonly people: Person[]
  /** Who sits in front of the browser; null: they press Cancel. */
  person: string | null
  /** The requests that it got, as `GET /jwks`. */
  readonly requests: string[]
  /** Tells it the callbacks of the app. */
  readonly register: (redirectUris: readonly string[]) => void
  /** Whether it answers nothing but errors. */
  down: boolean
  /** Forgets every token that it has issued. */
  readonly forget: () => void
  /** Changes its keys: from now on it signs with another. */
  readonly rotate: () => void
  readonly stop: () => Promise<void>
}

export async function startRealProvider(options: RealProviderOptions = {}): Promise<RealProvider> {
  const people = [...(options.people ?? [{ sub: 'ann', name: 'Ann', email: 'ann@example.test', email_verified: true }])]
  const requests: string[] = []
  let handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>
  let provider: Provider
  const server = createServer((req, res) => {
    requests.push(`${req.method} ${req.url?.split('?')[0]}`)
    if (real.down) return void res.writeHead(503).end()
    const run = req.url?.startsWith('/interaction/') ? interact(provider, real.person, req, res) : handle(req, res)
    run.catch((error: unknown) => res.writeHead(500).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port
  let redirectUris: readonly string[] = []
  const begin = (generation: number) => {
    provider = create(issuer, redirectUris, people, options, generation)
    handle = provider.callback()
  }
  let generation = 0
  const real: RealProvider = {
    issuer,
    people,
    person: people[0]?.sub ?? null,
    requests,
    register: (uris) => {
      redirectUris = uris
      begin(generation)
    },
    down: false,
    forget: () => begin(generation),
    rotate: () => begin((generation += 1)),
    stop: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return real
}

function create(
  issuer: string,
  redirectUris: readonly string[],
  people: readonly Person[],
  { claimsInIdToken = false, more }: RealProviderOptions,
  generation: number,
): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [...redirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    jwks: { keys: [findKey(generation)] },
    cookies: { keys: ['a key of the tests'] },
    claims: { profile: ['name'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: !claimsInIdToken,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    ttl: { AccessToken: 3_600, Session: 3_600, Interaction: 600, Grant: 3_600, IdToken: 3_600, RefreshToken: 86_400 },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    findAccount: (_, id) => {
      const person = people.find(({ sub }) => sub === id)
      return person && { accountId: id, claims: () => ({ ...person }) }
    },
    ...more,
  })
}

/** Made once: they take long to make. Each provider begins with the first. */
const KEYS: JWK[] = []
function findKey(index: number): JWK {
  for (let next = KEYS.length; next <= index; next++) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    KEYS.push({ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: `key-${next}` })
  }
  return KEYS[index] as JWK // it was made above
}

async function interact(provider: Provider, person: string | null, req: IncomingMessage, res: ServerResponse) {
  const { params } = await provider.interactionDetails(req, res)
  if (person === null) {
    const refusal = { error: 'access_denied', error_description: '<img src=x onerror=alert(1)> said no' }
    return provider.interactionFinished(req, res, refusal, { mergeWithLastSubmission: false })
  }
  const grant = new provider.Grant({ accountId: person, clientId: String(params.client_id) })
  grant.addOIDCScope(String(params.scope))
  const result = { login: { accountId: person }, consent: { grantId: await grant.save() } }
  return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false })
}
