import superjson from 'superjson'

const PERSON = { provider: 'password', email: 'ben@example.com', password: 'quiet-morning-tram' }
/** Milliseconds after which it is given up. */
const PATIENCE = 10_000

let turn = 0

/**
 * Signs somebody in at one instance, shows the session to the other, signs out at the first, and asks the other until it refuses.
 *
 * @returns milliseconds from the response to the sign-out until the first refusal, and which instances they were
 */
export async function measureRevocation(instances, origin) {
  const [from, to] = turn++ % 2 === 0 ? instances : instances.toReversed()
  const signedIn = await call(from, origin, 'auth.signIn', { input: PERSON })
  const cookie = signedIn.headers
    .getSetCookie()
    .find((line) => line.startsWith('latchkey.session='))
    ?.split(';')[0]
  if (!cookie) throw new Error(`nobody could sign in at instance ${from.name} (${signedIn.status})`)
  if (!(await isKnown(to, cookie))) throw new Error(`instance ${to.name} didn't know the session`)
  const signedOut = await call(from, origin, 'auth.signOut', { cookie, input: {} })
  if (!signedOut.ok) throw new Error(`nobody could sign out at instance ${from.name} (${signedOut.status})`)
  const begun = performance.now()
  while (await isKnown(to, cookie)) {
    if (performance.now() - begun > PATIENCE) throw new Error(`instance ${to.name} didn't refuse within 10 s`)
  }
  return { from: from.name, to: to.name, milliseconds: Math.round((performance.now() - begun) * 10) / 10 }
}

async function isKnown({ name, port }, cookie) {
  const response = await fetch(`http://127.0.0.1:${port}/trpc/auth.session`, { headers: { cookie } })
  if (!response.ok) throw new Error(`instance ${name} can't say who that is (${response.status})`)
  return superjson.deserialize((await response.json()).result.data) !== null
}

function call({ port }, origin, path, { cookie = '', input }) {
  return fetch(`http://127.0.0.1:${port}/trpc/${path}`, {
    method: 'POST',
    headers: { cookie, origin, 'content-type': 'application/json' },
    body: JSON.stringify(superjson.serialize(input)),
  })
}
