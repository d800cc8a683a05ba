/** Milliseconds after which a call counts as one that hangs. */
export const HANGS = 10_000
const PAUSE = 50

const ACTIONS = { page: visitPage, session: askSession, tokens: refresh, signIn: signInAndOut }

/**
 * Somebody who uses the app without a break, in one way, and writes down what each call got.
 *
 * @param way 'page' (a guarded tRPC procedure, by cookie), 'session' (the HTTP endpoint, by cookie), 'tokens' (refreshes, and uses the new
 * access token), 'signIn' (signs in, looks, signs out)
 */
export function createCaller({ origin, strategy, way, name }) {
  const caller = {
    name,
    way,
    base: `${origin}/${strategy}`,
    origin,
    cookies: new Map(),
    calls: [],
    refreshToken: null,
    isStopped: false,
  }
  return {
    ...caller,
    signIn: () => begin(caller),
    run: async () => {
      while (!caller.isStopped) {
        await ACTIONS[way](caller)
        await new Promise((resolve) => setTimeout(resolve, PAUSE))
      }
    },
    stop: () => void (caller.isStopped = true),
  }
}

/** The session that the caller keeps; one that signs in all the time keeps none. */
async function begin(caller) {
  if (caller.way === 'signIn') return
  const flow = caller.way === 'tokens' ? 'token' : 'cookie'
  const { status, body } = await post(caller, '/auth/signin/credentials', {
    name: caller.name,
    password: 'right',
    flow,
  })
  if (status !== 200) throw new Error(`${caller.name} could not sign in: ${status} ${JSON.stringify(body)}`)
  caller.refreshToken = body.refreshToken ?? null
}

async function visitPage(caller) {
  note(caller, await get(caller, '/trpc/me'))
}

async function askSession(caller) {
  const answer = await get(caller, '/auth/session')
  note(caller, answer, answer.status === 200 && answer.body === null)
}

/** A refresh that failed is tried again with the same token, as every client does. */
async function refresh(caller) {
  const answer = await post(caller, '/auth/token', { refreshToken: caller.refreshToken })
  note(caller, answer)
  if (answer.status !== 200) return
  caller.refreshToken = answer.body.refreshToken
  note(caller, await get(caller, '/trpc/me', { authorization: `Bearer ${answer.body.accessToken}` }))
}

async function signInAndOut(caller) {
  const answer = await post(caller, '/auth/signin/credentials', { name: caller.name, password: 'right' })
  note(caller, answer)
  if (answer.status !== 200) return
  note(caller, await get(caller, '/trpc/me'))
  let left
  do {
    left = await post(caller, '/auth/signout', {})
    note(caller, left, left.status !== 200 && left.clears)
  } while (left.status !== 200 && !caller.isStopped)
}

/** @param isSignedOut what else than a 401 or a cookie that is taken away says that a good session doesn't count */
function note(caller, answer, isSignedOut = false) {
  const { begun, ended, status, kind, retryAfter, clears, path } = answer
  const isTakenAway = clears && path !== '/auth/signout'
  caller.calls.push({
    begun,
    ended,
    status,
    kind,
    retryAfter,
    path,
    isSignedOut: isSignedOut || status === 401 || isTakenAway,
  })
}

const get = (caller, path, headers = {}) => send(caller, path, { headers })

const post = (caller, path, body) =>
  send(caller, path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })

async function send(caller, path, { headers, ...init }) {
  const begun = performance.now()
  const cookie = [...caller.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const carried = { origin: caller.origin, ...(cookie && { cookie }), ...headers }
  try {
    const response = await fetch(caller.base + path, { ...init, headers: carried, signal: AbortSignal.timeout(HANGS) })
    const body = await response.json()
    const error = body?.error?.data ?? body?.error
    const clears = keepCookies(caller, response)
    return {
      begun,
      ended: performance.now(),
      path,
      status: response.status,
      body,
      clears,
      kind: error?.kind,
      retryAfter: error?.retryAfter,
    }
  } catch (error) {
    return { begun, ended: performance.now(), path, status: 0, kind: error.name, clears: false }
  }
}

/** @returns whether one was taken away */
function keepCookies({ cookies }, response) {
  let clears = false
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
    if (/max-age=0/i.test(line)) clears = cookies.delete(name) || clears
    else cookies.set(name, value)
  }
  return clears
}
