import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SignJWT } from 'jose'
import { onTestFinished } from 'vitest'
import type { Case } from './cases.ts'

/** How the stand-in departs from the case. */
export interface Change {
  readonly idToken?: Readonly<Record<string, unknown>>
  readonly api?: Readonly<Record<string, unknown>>
  readonly tokenIssuer?: string
}

/** A provider on this machine that behaves as a preset's documentation says, and refuses what it would refuse. */
export interface StandIn {
  readonly origin: string
  change: Change
  /** What its token endpoint got, in order. */
  readonly exchanges: { readonly body: URLSearchParams; readonly authorization: string | undefined }[]
}

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** What it knows of a code. */
interface Grant {
  readonly nonce: string | null
  readonly challenge: string | null
  readonly redirectUri: string
}

export async function openStandIn(about: Case): Promise<StandIn> {
  const grants = new Map<string, Grant>()
  const server = createServer((req, res) => {
    answer(about, standIn, grants, req, res).catch((error: unknown) => res.writeHead(500).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  const standIn: StandIn = { origin: `http://127.0.0.1:${port}`, change: {}, exchanges: [] }
  return standIn
}

async function answer(
  about: Case,
  standIn: StandIn,
  grants: Map<string, Grant>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<unknown> {
  const url = new URL(req.url ?? '', standIn.origin)
  const path = url.pathname + url.search
  const api = { ...about.api, ...standIn.change.api }
  if (path.endsWith('/.well-known/openid-configuration')) return send(res, 200, discover(about, standIn.origin))
  if (path === '/jwks') return send(res, 200, { keys: [toJwk(keys.publicKey)] })
  if (url.pathname.endsWith('/authorize')) return authorize(grants, url.searchParams, res)
  if (url.pathname.endsWith('token')) return exchange(about, standIn, grants, req, res)
  if (!(path in api)) return send(res, 404, { message: 'Not Found' })
  if (req.headers.authorization !== 'Bearer access-1') return send(res, 401, { message: 'Requires authentication' })
  return send(res, 200, api[path])
}

function discover({ idToken, issuer, sends }: Case, origin: string) {
  if (!idToken) return {}
  return {
    issuer: issuer?.(origin) ?? origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    userinfo_endpoint: `${origin}/userinfo`,
    jwks_uri: `${origin}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    ...(sends.pkce && { code_challenge_methods_supported: ['S256'] }),
  }
}

/** The person agrees at once. */
function authorize(grants: Map<string, Grant>, params: URLSearchParams, res: ServerResponse): void {
  const redirectUri = params.get('redirect_uri') ?? ''
  const code = `code-${grants.size}`
  grants.set(code, { redirectUri, nonce: params.get('nonce'), challenge: params.get('code_challenge') })
  const back = { code, state: params.get('state') ?? '' }
  if (params.get('response_mode') === 'form_post') return void res.end(JSON.stringify({ redirectUri, ...back }))
  res.writeHead(302, { location: `${redirectUri}?${new URLSearchParams(back)}` }).end()
}

async function exchange(
  about: Case,
  standIn: StandIn,
  grants: Map<string, Grant>,
  req: IncomingMessage,
  res: ServerResponse,
) {
  const body = new URLSearchParams(await text(req))
  standIn.exchanges.push({ body, authorization: req.headers.authorization })
  const grant = grants.get(body.get('code') ?? '')
  grants.delete(body.get('code') ?? '')
  const verifier = body.get('code_verifier')
  // As LinkedIn does.
  if (verifier !== null && !about.sends.pkce) return send(res, 401, { error: 'invalid_client' })
  const isBound = grant && (grant.challenge === null || grant.challenge === digest(verifier ?? ''))
  if (!isBound || grant.redirectUri !== body.get('redirect_uri')) return refuse(about, res)
  return send(res, 200, {
    access_token: 'access-1',
    token_type: 'Bearer',
    expires_in: 3_600,
    ...(about.idToken && { id_token: await sign(about, standIn, grant) }),
    ...about.tokens,
  })
}

/** Each in its own way. */
function refuse({ id }: Case, res: ServerResponse): void {
  if (id === 'github') return send(res, 200, { error: 'bad_verification_code', error_description: 'It is incorrect.' })
  if (id === 'twitch') return send(res, 400, { status: 400, message: 'Invalid authorization code' })
  send(res, 400, { error: 'invalid_grant' })
}

function sign({ idToken, issuer, tokenIssuer, sends }: Case, { origin, change }: StandIn, { nonce }: Grant) {
  const claims = { ...idToken, ...change.idToken, ...(sends.nonce && { nonce }) }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
    .setIssuer(change.tokenIssuer ?? (tokenIssuer ?? issuer)?.(origin) ?? origin)
    .setAudience('client-1')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(keys.privateKey)
}

function toJwk(key: KeyObject) {
  return {
    ...createPublicKey(key.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' }),
    kid: 'key-1',
    alg: 'RS256',
  }
}

function digest(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
