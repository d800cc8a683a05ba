/** Gives an error that came with the status 200 the one that RFC 6749 section 5.2 says. */
export async function withErrorStatus(response: Response): Promise<Response> {
  const { error }: { readonly error?: unknown } = Object(await readJson(response.clone()))
  return response.ok && error !== undefined
    ? new Response(response.body, { status: 400, headers: { 'content-type': 'application/json' } })
    : response
}

/** Reads Twitch's: `scope` is a list, and errors are `{ status, message }`. */
export async function withStandardFields(response: Response): Promise<Response> {
  const { scope, message, ...rest }: Record<string, unknown> = Object(await readJson(response.clone()))
  if (response.ok) return Array.isArray(scope) ? Response.json({ ...rest, scope: scope.join(' ') }) : response
  const error = { error: 'invalid_request', error_description: String(message) }
  return Response.json(error, { status: response.status })
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return null
  }
}
