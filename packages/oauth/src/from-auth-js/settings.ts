import { type Endpoint, type Hook, readEndpoint, readHook } from './endpoint.ts'

/** A provider of Auth.js, with its user's options in place of its own. */
export interface Settings {
  readonly id: string
  readonly name: string | undefined
  readonly type: unknown
  readonly clientId: string | undefined
  readonly clientSecret: string | undefined
  readonly issuer: string | undefined
  readonly wellKnown: string | undefined
  /** Undefined: Auth.js' default. */
  readonly checks: readonly unknown[] | undefined
  /** `false`: the profile is userinfo. */
  readonly idToken: unknown
  readonly profile: Hook | undefined
  readonly account: Hook | undefined
  /** Of the client's metadata (RFC 7591 section 2). */
  readonly client: Readonly<Record<string, unknown>>
  readonly authorization: Endpoint
  readonly token: Endpoint
  readonly userinfo: Endpoint
  /** Sends the requests to the provider. */
  readonly fetch: Hook | undefined
  /** Whether Auth.js has code for this provider elsewhere: Apple and Microsoft. */
  readonly isSpecial: boolean
  readonly allowDangerousEmailAccountLinking: unknown
}

type Fields = Readonly<Record<string | symbol, unknown>>

/** Reads a provider as Auth.js does, but that parameters among the options are added to an address instead of replacing it. */
export function readSettings(provider: object): Settings {
  const { options, ...own }: Fields = { ...provider }
  const given: Fields = Object.fromEntries(Object.entries(Object(options)).filter(([, value]) => value !== undefined))
  const all = { ...own, ...given }
  const isSpecial = findBySymbol(own, 'conform-internal') === true
  return {
    id: String(all.id),
    name: readText(all.name),
    type: own.type,
    clientId: readText(all.clientId),
    clientSecret: readText(all.clientSecret),
    issuer: readText(all.issuer),
    wellKnown: readText(all.wellKnown),
    checks: Array.isArray(all.checks) ? all.checks : undefined,
    idToken: all.idToken,
    profile: readHook(all.profile),
    account: readHook(all.account),
    client: { ...Object(own.client), ...Object(given.client) },
    authorization: readEndpoint(own.authorization, given.authorization),
    token: readEndpoint(own.token, given.token),
    userinfo: readEndpoint(own.userinfo, given.userinfo),
    // What Auth.js does there for Apple and Microsoft is done here by other means.
    fetch: readHook(findBySymbol(Object(options), FETCH) ?? (isSpecial ? undefined : findBySymbol(own, FETCH))),
    isSpecial,
    allowDangerousEmailAccountLinking: all.allowDangerousEmailAccountLinking,
  }
}

const FETCH = 'custom-fetch'

/** Auth.js' symbols are not registered: without its package they can be recognised by their descriptions only. */
function findBySymbol(fields: Fields, description: string): unknown {
  const symbol = Object.getOwnPropertySymbols(fields).find((each) => each.description === description)
  return symbol && fields[symbol]
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
