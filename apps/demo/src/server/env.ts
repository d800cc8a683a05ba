import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isLoopback } from '@latchkey/core'

const dataFolder = process.env.DEMO_DATA ?? fileURLToPath(new URL('../../.data', import.meta.url))
mkdirSync(dataFolder, { recursive: true, mode: 0o700 })

const port = readPort(process.env.PORT ?? '3000', 'PORT')
const host = process.env.HOST ?? '127.0.0.1'
const smtpUrl = process.env.SMTP_URL

/** Everything that the demo takes from its environment. */
export const env = {
  port,
  /** Only this machine, unless said otherwise: the demo's passwords are no secret. */
  host,
  /** Where the browser finds the demo. Behind a proxy that speaks https, set AUTH_URL. */
  url: process.env.AUTH_URL ?? `http://localhost:${port}`,
  strategy: readStrategy(process.env.AUTH_STRATEGY ?? 'jwt'),
  /** Seconds. */
  accessTokenMaxAge: readSeconds(process.env.ACCESS_TOKEN_MAX_AGE ?? '30', 'ACCESS_TOKEN_MAX_AGE'),
  /** Seconds. */
  freshAge: readSeconds(process.env.FRESH_AGE ?? '600', 'FRESH_AGE'),
  secret: process.env.AUTH_SECRET ?? readOrCreateSecret(join(dataFolder, 'secret')),
  databaseFile: join(dataFolder, 'demo.sqlite'),
  /** A PostgreSQL in place of the file, `postgres://…`: for several instances. */
  databaseUrl: process.env.DATABASE_URL,
  /** A Redis that carries messages between instances and counts attempts for all of them, `redis://…`. */
  redisUrl: process.env.REDIS_URL,
  /** The instance's name on the page "Machines"; undefined: there is only one. */
  instance: process.env.INSTANCE,
  /** How many proxies stand in front. */
  trustedProxies: process.env.INSTANCE ? 1 : 0,
  /** Demo ID, the identity provider that the demo starts beside itself: another site than `localhost`, as a real one is. */
  demoId: {
    issuer: `http://127.0.0.1:${readPort(process.env.DEMO_ID_PORT ?? String(port + 1), 'DEMO_ID_PORT')}`,
    clientId: 'latchkey-demo',
    // Both sides are in this process, unless somebody else runs it for several instances.
    clientSecret: process.env.DEMO_ID_SECRET ?? randomBytes(32).toString('base64url'),
    runsElsewhere: process.env.DEMO_ID_SECRET !== undefined,
  },
  /** Where mails go besides the page "Mailbox"; undefined: nowhere. */
  smtpUrl,
  /** Whether the page "Mailbox" shows all mails to everybody: only if no other machine can open the demo. */
  showsMailbox: !smtpUrl && isLoopback(host),
  mailFrom: process.env.MAIL_FROM ?? 'demo@latchkey.example',
}

function readPort(value: string, name: string): number {
  const port = Number(value)
  if (!/^\d+$/.test(value) || port < 1 || port > 65_535)
    throw new Error(`${name}: "${value}" is no port, write 1 to 65535`)
  return port
}

function readSeconds(value: string, name: string): number {
  const seconds = Number(value)
  if (!/^\d+$/.test(value) || seconds < 1) throw new Error(`${name}: "${value}" is no number of seconds`)
  return seconds
}

function readStrategy(value: string): 'jwt' | 'database' {
  if (value === 'jwt' || value === 'database') return value
  throw new Error(`AUTH_STRATEGY: "${value}" is none, choose jwt or database`)
}

/** A secret that was made up at every start would sign everybody out at every start. */
function readOrCreateSecret(file: string): string {
  try {
    writeFileSync(file, randomBytes(33).toString('base64'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  }
  return readFileSync(file, 'utf8').trim()
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
