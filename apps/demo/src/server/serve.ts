import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { toNodeHandler } from '@latchkey/core/node'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { auth } from './auth.ts'
import { db } from './db.ts'
import { startDemoId } from './demo-id/serve.ts'
import { env } from './env.ts'
import { setSecurityHeaders } from './headers.ts'
import { sendMailPage } from './mail/page.ts'
import { migrate } from './migrate.ts'
import { appRouter } from './router.ts'
import { ACCOUNTS, seed } from './seed.ts'
import { createPages } from './static.ts'
import { createContext } from './trpc.ts'

/** What is wrong with the server, not with the call. */
const FAILURES: ReadonlySet<string> = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE'])

const pages = createPages(fileURLToPath(new URL('../client', import.meta.url)))
const handleAuth = toNodeHandler(auth.handler)
const handleTrpc = createHTTPHandler({
  router: appRouter,
  createContext,
  basePath: '/trpc/',
  // A request may carry many calls and superjson may make much of a few bytes: neither needs to be large here.
  maxBatchSize: 10,
  maxBodySize: 32 * 1024,
  onError({ error, path }) {
    if (FAILURES.has(error.code)) console.error(`${path}:`, error)
  },
})

const server = createServer((req, res) => {
  setSecurityHeaders(res, env.url.startsWith('https:'))
  if (env.instance) res.setHeader('X-Instance', env.instance)
  const [path = '/'] = (req.url ?? '/').split('?', 1)
  if (path.startsWith('/trpc/')) return handleTrpc(req, res)
  if (path.startsWith('/auth/')) return void handleAuth(req, res)
  if (path.startsWith('/mailbox/')) return void openMail(res, path.slice('/mailbox/'.length))
  return pages(req, res, path)
})

async function openMail(res: ServerResponse, id: string): Promise<void> {
  try {
    await sendMailPage(res, id)
  } catch (error) {
    console.error('a mail could not be shown:', error)
    res.writeHead(503).end('This mail can not be shown now.')
  }
}

/** @throws if the port is in use, or the database can't be opened */
export async function start(): Promise<void> {
  await migrate()
  await seed()
  const demoId = env.demoId.runsElsewhere ? null : await startDemoId(env)
  server.listen(env.port, env.host)
  await once(server, 'listening')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(demoId))
  console.log(describe())
}

function describe(): string {
  const strategy = { jwt: 'an encrypted cookie', database: 'a row in the database' }[env.strategy]
  const width = Math.max(...ACCOUNTS.map(({ email }) => email.length))
  const people = ACCOUNTS.map(({ email, password, role }) => `    ${email.padEnd(width)}  ${password}  (${role})`)
  return [
    '',
    `  Latchkey demo: ${env.url}`,
    `  Sessions live in ${strategy} (AUTH_STRATEGY=${env.strategy}).`,
    '',
    '  Who can sign in:',
    ...people,
    '',
  ].join('\n')
}

/** Lets the requests that are under way finish, and ends streams; who keeps a connection open longer loses it. */
function stop(demoId: Server | null): void {
  void auth.close()
  demoId?.close()
  demoId?.closeAllConnections()
  setTimeout(() => server.closeAllConnections(), 5_000).unref()
  server.close(() => void db.destroy().finally(() => process.exit()))
  // Also those that become idle when a stream ends: over one that is kept, its client would connect again here, and be refused for good.
  setInterval(() => server.closeIdleConnections(), 50).unref()
}
