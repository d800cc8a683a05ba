import { AuthError } from '../errors.ts'
import { isPlainObject } from '../internal/json.ts'

/** Larger than any sign-in; refused before it is parsed. Bytes. */
const MAX_BODY = 65_536

/**
 * The JSON object of a request's body; an empty body is an empty object.
 *
 * @throws AuthError `InvalidInput` if it is too large, no JSON or no object
 */
export async function readJsonBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(request)
  if (text === '') return {}
  if (!/^application\/json(?:\s*;|$)/i.test(request.headers.get('content-type') ?? ''))
    throw new AuthError('InvalidInput')
  const body = parse(text)
  if (!isPlainObject(body)) throw new AuthError('InvalidInput')
  return body
}

async function readText(request: Request): Promise<string> {
  if (!request.body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of readChunks(request.body)) {
    size += chunk.byteLength
    if (size > MAX_BODY) throw new AuthError('InvalidInput')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** A stream isn't iterable everywhere yet (Safari, Workers' older types). If it breaks off, the client has disconnected. */
async function* readChunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  const next = () =>
    reader.read().catch((cause: unknown) => {
      throw new AuthError('InvalidInput', { cause })
    })
  try {
    for (let step = await next(); !step.done; step = await next()) yield step.value
  } finally {
    await reader.cancel().catch(() => {})
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AuthError('InvalidInput', { cause })
  }
}
