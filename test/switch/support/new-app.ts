import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Adapter, type AuthOptions, createAuth, credentials } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { z } from 'zod'

type Options = AuthOptions<string, { plan: string }, unknown, unknown, readonly [], Adapter | undefined, boolean>

/** The app that takes the old one's place: the same page on each of its addresses. */
export interface NewApp {
  readonly port: number
  /** What its logger got. */
  readonly log: readonly string[]
  readonly close: () => Promise<void>
}

const toPage = (rendered: string) => `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>New</title>
<main data-app="new">
  <p id="rendered">${rendered}</p>
  <p id="who"></p>
  <form>
    <input name="email" aria-label="E-mail"><input name="password" aria-label="Password" type="password">
    <button>Sign in</button>
  </form>
  <button id="out">Sign out</button>
</main>
<script type="module">
  const post = (path, body) =>
    fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const show = async () => {
    const session = await (await fetch('/auth/session')).json()
    document.querySelector('#who').textContent = session ? session.user.email + ' ' + (session.claims.plan ?? '') : 'nobody'
  }
  document.querySelector('form').onsubmit = async (event) => {
    event.preventDefault()
    await post('/auth/signin/credentials', Object.fromEntries(new FormData(event.target)))
    await show()
  }
  document.querySelector('#out').onclick = async () => { await post('/auth/signout', {}); await show() }
  await show()
</script></html>`

/** @param origin where browsers see it */
export async function startNewApp(
  origin: string,
  secret: string,
  adapter: Adapter & { readonly getUserByEmail?: (email: string) => Promise<unknown> },
  options: Pick<Options, 'cookies' | 'session'>,
): Promise<NewApp> {
  const log: string[] = []
  const write = (message: string) => void log.push(message)
  const auth = createAuth({
    secret,
    baseUrl: origin,
    adapter,
    claims: { plan: z.string() },
    providers: [
      credentials({
        input: z.object({ email: z.string(), password: z.string() }),
        identify: ({ email }) => email,
        authorize: async ({ email, password }) =>
          password === 'right' ? ((await adapter.getUserByEmail?.(email)) as never) : null, // the adapter's own user
      }),
    ],
    callbacks: { jwt: ({ token, user }) => (user ? { ...token, plan: 'pro' } : token) },
    logger: { error: write, warn: write },
    ...options,
  })
  const handle = toNodeHandler(auth.handler)
  const server = createServer((req, res) => {
    if (req.url?.startsWith('/auth/')) void handle(req, res)
    else void render(req, res)
  })
  /** A page that the server renders: it passes on what keeps the session alive. */
  const render = async ({ headers: { cookie = '' } }: IncomingMessage, res: ServerResponse) => {
    const answer = await auth.handler(new Request(`${origin}/auth/session`, { headers: { cookie } }))
    const session = (await answer.json()) as { readonly user?: { readonly email?: string } } | null // our own endpoint
    res.setHeader('set-cookie', answer.headers.getSetCookie())
    res.writeHead(200, { 'content-type': 'text/html' }).end(toPage(session?.user?.email ?? 'nobody'))
  }
  server.listen(0)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    log,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
      await auth.close()
    },
  }
}
