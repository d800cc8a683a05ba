import type { MountedOperation } from '../contract/operation.ts'
import { AuthError } from '../errors.ts'
import { isPlainObject } from '../internal/json.ts'
import { readJsonBody } from './body.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * The input of an operation over HTTP: a query's is JSON in `?input=`, a mutation's is the body. `?flow=token` asks for tokens as `flow` in
 * the body does.
 *
 * @throws AuthError `InvalidInput`
 */
export async function readHttpInput(request: Request, { operation }: MountedOperation): Promise<Fields> {
  const { searchParams } = new URL(request.url)
  if (operation.type === 'query') return parseInput(searchParams.get('input'))
  const flow = operation.takesFlow ? searchParams.get('flow') : null
  return { ...(flow !== null && { flow }), ...(await readJsonBody(request)) }
}

function parseInput(text: string | null): Fields {
  if (text === null) return {}
  try {
    const input: unknown = JSON.parse(text)
    if (isPlainObject(input)) return input
  } catch (cause) {
    throw new AuthError('InvalidInput', { cause })
  }
  throw new AuthError('InvalidInput')
}
