import { ORIGIN } from '../origin.mjs'

/** As long as a client of ours waits for a refresh: one that is given up and still arrives later would look like a replay. */
const REFRESH_TIMEOUT = 30_000

/**
 * Somebody's browser, or a client that keeps tokens: sends requests by a balancer and keeps the cookies. Every response says whose it is
 * (`name`), so that one that was meant for somebody else is noticed.
 */
export function createPerson({ balancer, strategy, name, localAddress }) {
  const person = { name, strategy, cookies: new Map(), refreshToken: null, accessToken: null }
  const send = (path, { headers, body, to, ...init } = {}) => {
    const sent = {
      ...init,
      localAddress,
      headers: {
        origin: ORIGIN,
        ...carry(person.cookies),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    }
    return note(
      person,
      path,
      to ? balancer.sendTo(to, `/${strategy}${path}`, sent) : balancer.send(`/${strategy}${path}`, sent),
    )
  }
  return Object.assign(person, {
    send,
    signIn: (flow = 'cookie', { password = 'right', ...init } = {}) =>
      send('/auth/signin/credentials', { body: { name, password, ...(flow === 'token' && { flow }) }, ...init }),
    signOut: (body = {}, init = {}) => send('/auth/signout', { body, ...init }),
    session: (init) => send('/auth/session', init),
    me: (init) => send('/trpc/me', init),
    meByToken: (accessToken, init) =>
      send('/trpc/me', { headers: { authorization: `Bearer ${accessToken}` }, ...init }),
    refresh: (init) =>
      send('/auth/token', { body: { refreshToken: person.refreshToken }, timeout: REFRESH_TIMEOUT, ...init }),
  })
}

export const carry = (cookies) =>
  cookies.size > 0 ? { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}

/** What became of a call: its times, what it got, and whether it says that a good session doesn't count. */
async function note(person, path, answering) {
  const begun = performance.now()
  const answer = await answering
  const { status, headers, body } = answer
  const error = body?.error?.data ?? body?.error
  const clears = keepCookies(person.cookies, headers['set-cookie'] ?? [])
  const seen = seenUser(path, status, body)
  return {
    ...answer,
    path,
    begun,
    ended: performance.now(),
    kind: error?.kind ?? answer.kind,
    retryAfter: error?.retryAfter,
    isWrongUser: seen !== null && seen !== person.name,
    isSignedOut:
      status === 401 ||
      (clears && path !== '/auth/signout') ||
      (path === '/auth/session' && status === 200 && body === null),
  }
}

/** Whom a response speaks of; null: of nobody. */
function seenUser(path, status, body) {
  if (status !== 200 || body === null) return null
  if (path === '/trpc/me') return body.result.data
  return path === '/auth/session' ? body.user.id : null
}

/** @returns whether one was taken away */
function keepCookies(cookies, lines) {
  let clears = false
  for (const line of lines) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
    if (/max-age=0/i.test(line)) clears = cookies.delete(name) || clears
    else cookies.set(name, value)
  }
  return clears
}
