import { once } from 'node:events'
import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Json = Record<string, unknown>

/** How the provider departs from what is right. Every part gets what would be right, and returns what is sent. */
export interface Script {
  readonly claims?: (claims: Json) => Json
  readonly header?: (header: Json) => Json
  /** Signs the id_token's text. */
  readonly sign?: (text: string) => string
  readonly keys?: (keys: readonly Json[]) => readonly Json[]
  readonly discovery?: (document: Json) => Json
  readonly tokens?: (tokens: Json) => Json
  readonly userinfo?: (claims: Json) => Json
  /** Answers a path itself: slowly, with a redirect, with too much. */
  readonly answer?: Readonly<Record<string, (res: ServerResponse) => void>>
}

/** A provider that does what it is told, and does wrong if it is told to. */
export interface ScriptedProvider {
  readonly issuer: string
  script: Script
  readonly requests: string[]
  /** The bodies of requests to the token endpoint. */
  readonly asked: URLSearchParams[]
  /** The keys that it signs with: those of the set, and one that isn't there. */
  readonly keys: Readonly<Record<'first' | 'second' | 'foreign', Key>>
  readonly stop: () => Promise<void>
}

export interface Key {
  readonly jwk: Json
  readonly sign: (text: string) => string
}

export const SECRET = 'a client secret of forty characters, say'

export async function startScriptedProvider(script: Script = {}): Promise<ScriptedProvider> {
  const nonces = new Map<string, string | null>()
  const server = createServer((req, res) => {
    handle(op, nonces, req, res).catch((error: unknown) => res.writeHead(500).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const op: ScriptedProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
    script,
    requests: [],
    asked: [],
    keys: KEYS,
    stop: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return op
}

async function handle(
  op: ScriptedProvider,
  nonces: Map<string, string | null>,
  req: IncomingMessage,
  res: ServerResponse,
) {
  const url = new URL(req.url ?? '/', op.issuer)
  const { script, issuer } = op
  op.requests.push(`${req.method} ${url.pathname}`)
  const own = script.answer?.[url.pathname]
  if (own) return own(res)
  switch (url.pathname) {
    case '/.well-known/openid-configuration':
      return json(res, { ...describe(issuer), ...script.discovery?.(describe(issuer)) })
    case '/authorize': {
      const code = randomUUID()
      nonces.set(code, url.searchParams.get('nonce'))
      const back = new URL(url.searchParams.get('redirect_uri') ?? '')
      back.search = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' }).toString()
      res.writeHead(302, { location: back.href }).end()
      return
    }
    case '/token': {
      const body = new URLSearchParams(await read(req))
      op.asked.push(body)
      const nonce = nonces.get(body.get('code') ?? '') ?? null
      const tokens = {
        access_token: 'an access token',
        token_type: 'Bearer',
        expires_in: 3_600,
        id_token: issue(op, nonce),
      }
      return json(res, script.tokens ? script.tokens(tokens) : tokens)
    }
    case '/jwks': {
      const keys = [op.keys.first.jwk]
      return json(res, { keys: script.keys ? script.keys(keys) : keys })
    }
    case '/userinfo':
      return json(res, script.userinfo ? script.userinfo(PERSON) : PERSON)
    default:
      res.writeHead(404).end()
  }
}

const PERSON = { sub: 'ann', name: 'Ann', email: 'ann@example.test', email_verified: true }

function describe(issuer: string): Json {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'],
  }
}

function issue({ issuer, script, keys }: ScriptedProvider, nonce: string | null): string {
  const now = Math.floor(Date.now() / 1_000)
  const right = { ...PERSON, iss: issuer, aud: 'app', iat: now, exp: now + 300, ...(nonce !== null && { nonce }) }
  const header = { alg: 'RS256', kid: 'first' }
  const text = `${encode(script.header ? script.header(header) : header)}.${encode(script.claims ? script.claims(right) : right)}`
  return `${text}.${script.sign ? script.sign(text) : keys.first.sign(text)}`
}

export function signWithSecret(text: string): string {
  return createHmac('sha256', SECRET).update(text).digest('base64url')
}

const KEYS = { first: createKey('first'), second: createKey('second'), foreign: createKey('foreign') }

function createKey(kid: string): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' },
    sign: (text) => signWith(privateKey, text),
  }
}

function signWith(key: KeyObject, text: string): string {
  return sign('sha256', Buffer.from(text), key).toString('base64url')
}

function encode(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function json(res: ServerResponse, body: Json): void {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function read(req: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of req.setEncoding('utf8')) body += String(chunk)
  return body
}
