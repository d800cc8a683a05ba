import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SignJWT } from 'jose'
import { onTestFinished } from 'vitest'

/** A server that is every provider: one per first part of the path. */
export interface Issuers {
  readonly origin: string
  /** What a provider's userinfo returns, by the provider's id. */
  readonly profiles: Map<string, unknown>
  /** What a provider's token endpoint adds, or returns instead. */
  readonly tokens: Map<string, Readonly<Record<string, unknown>>>
  /** What token endpoints got, by the provider's id. */
  readonly exchanges: Map<string, URLSearchParams>
}

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

export async function openIssuers(): Promise<Issuers> {
  const nonces = new Map<string, string | null>()
  const server = createServer((req, res) => {
    answer(issuers, nonces, req, res).catch((error: unknown) => res.writeHead(500).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  const issuers: Issuers = {
    origin: `http://127.0.0.1:${port}`,
    profiles: new Map(),
    tokens: new Map(),
    exchanges: new Map(),
  }
  return issuers
}

async function answer(
  { origin, profiles, tokens, exchanges }: Issuers,
  nonces: Map<string, string | null>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const url = new URL(req.url ?? '', origin)
  const id = url.pathname.split('/')[1] ?? ''
  const issuer = `${origin}/${id}`
  if (url.pathname.includes('/.well-known/')) return send(res, discover(issuer))
  if (url.pathname.endsWith('/jwks')) return send(res, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1' }] })
  if (url.pathname.includes('/authorize')) {
    nonces.set(id, url.searchParams.get('nonce'))
    return send(res, {})
  }
  if (!/\/token\/?$/.test(url.pathname)) return send(res, profiles.get(id) ?? null)
  exchanges.set(id, new URLSearchParams(await text(req)))
  const about = { ...(profiles.get(id) as Record<string, unknown>), ...(nonces.get(id) && { nonce: nonces.get(id) }) } // an OpenID provider's is a record
  send(res, {
    access_token: 'access-1',
    token_type: 'Bearer',
    expires_in: 3_600,
    id_token: await sign(issuer, about),
    ...tokens.get(id),
  })
}

function discover(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  }
}

function sign(issuer: string, claims: Record<string, unknown>): Promise<string> {
  const alg = issuer.endsWith('/line') ? 'HS256' : 'RS256'
  const key = alg === 'HS256' ? new TextEncoder().encode('secret-1') : privateKey
  return new SignJWT(claims)
    .setProtectedHeader({ alg, ...(alg === 'RS256' && { kid: '1' }) })
    .setIssuer(issuer)
    .setAudience('client-1')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key)
}

function send(res: ServerResponse, body: unknown): void {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
