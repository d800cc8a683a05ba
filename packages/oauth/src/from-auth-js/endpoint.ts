/** An endpoint of an Auth.js provider: an address, or an object with `url`, `params` and functions. */
export interface Endpoint {
  readonly url: string | undefined
  readonly params: Readonly<Record<string, string>>
  /** Makes the request itself. */
  readonly request: Hook | undefined
  /** Turns the response into a standard one. */
  readonly conform: Hook | undefined
}

export type Hook = (...parameters: never[]) => unknown

/** An endpoint as the provider has it, with what its user's options add. */
export function readEndpoint(own: unknown, given: unknown): Endpoint {
  const [before, after] = [readOne(own), readOne(given)]
  // An address is the whole endpoint; an object is added to what is there.
  if (typeof given === 'string') return after
  const added = Object.fromEntries(Object.entries(after).filter(([, value]) => value !== undefined))
  return { ...before, ...added, params: { ...before.params, ...after.params } }
}

const NONE: Endpoint = { url: undefined, params: {}, request: undefined, conform: undefined }

function readOne(endpoint: unknown): Endpoint {
  if (typeof endpoint === 'string') return { ...NONE, url: endpoint }
  const { url, params, request, conform }: Readonly<Record<string, unknown>> = Object(endpoint)
  return {
    url: typeof url === 'string' || url instanceof URL ? String(url) : undefined,
    params: readParams(Object(params)),
    request: readHook(request),
    conform: readHook(conform),
  }
}

/** Parameters as Auth.js writes them. `claims` is JSON (OpenID Connect Core section 5.5). */
function readParams(params: Readonly<Record<string, unknown>>): Record<string, string> {
  const named = Object.entries(params).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(
    named.map(([name, value]) => [name, name === 'claims' ? JSON.stringify(value) : String(value)]),
  )
}

export function readHook(value: unknown): Hook | undefined {
  return typeof value === 'function' ? (value as Hook) : undefined // what it takes is Auth.js' contract
}

/** The address with its parameters in the query, as Auth.js calls it. */
export function toUrl({ url, params }: Endpoint): string | undefined {
  if (url === undefined) return undefined
  const target = new URL(url)
  for (const [name, value] of Object.entries(params)) target.searchParams.set(name, value)
  return target.href
}

/** The address without its query, and all parameters. */
export function splitUrl({ url, params }: Endpoint): { url: string | undefined; params: Record<string, string> } {
  if (url === undefined) return { url, params: { ...params } }
  const target = new URL(url)
  const own = Object.fromEntries(target.searchParams)
  target.search = ''
  return { url: target.href, params: { ...own, ...params } }
}
