import type { Shared } from '../shared.ts'

/** Seconds between a redirect and the request that follows it. */
const LIFE = 60
/** Characters that parameters have at most: sealed, they must fit into a URL. */
const MAX_LENGTH = 4_500

/** Parameters of a callback, for one more redirect: nobody reads or changes them on the way. */
export function sealParams({ engine }: Shared, provider: string, params: URLSearchParams): Promise<string> {
  const text = params.toString()
  if (text.length > MAX_LENGTH) throw engine.error('OAuthCallbackError', { detail: 'the callback is too large' })
  return engine.seal(`callback:${provider}`, { params: text }, LIFE)
}

/**
 * The parameters of a callback: those of the URL, or those that were sealed for this provider.
 *
 * @throws AuthError `OAuthCallbackError`
 */
export async function readParams({ engine }: Shared, provider: string, url: string): Promise<URLSearchParams> {
  const { searchParams } = new URL(url)
  const sealed = searchParams.get('sealed')
  if (sealed === null) return searchParams
  const { params } = (await engine.unseal(`callback:${provider}`, sealed)) ?? {}
  if (typeof params === 'string') return new URLSearchParams(params)
  throw engine.error('OAuthCallbackError', { detail: 'its sealed parameters were changed, or are too old' })
}

/**
 * The parameters of a callback that is a form (`response_mode=form_post`).
 *
 * @throws AuthError `OAuthCallbackError`
 */
export async function readForm({ engine }: Shared, request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded(?:\s*;|$)/i.test(type))
    throw engine.error('OAuthCallbackError', { detail: `a form was expected, and not ${type || 'nothing'}` })
  return new URLSearchParams(await readText(request, () => engine.error('OAuthCallbackError')))
}

/** Reads no more than could be taken. */
async function readText({ body }: Request, refuse: () => Error): Promise<string> {
  if (!body) return ''
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ''
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      text += decoder.decode(step.value, { stream: true })
      if (text.length > MAX_LENGTH) throw refuse()
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
  return text + decoder.decode()
}
