import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { kyselyAdapter, postgresDialect } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { Kysely } from 'kysely'
import pg from 'pg'
import { openApp } from './app.mjs'
import { openBroker } from './broker.mjs'
import { openPlugins } from './plugins.mjs'
import { stopOnSignal } from './stop.mjs'

// An instance of the app: one process, both strategies beside each other under /jwt and /database. What isn't in its settings is the
// default; the pool's time limits are those that postgresDialect's documentation shows.
const settings = {
  secrets: ['a secret that is long enough for this purpose'],
  ...JSON.parse(process.env.INSTANCE),
}
const pool = new pg.Pool({
  ...settings.database,
  max: settings.pool ?? 10,
  application_name: 'instance',
  connectionTimeoutMillis: 2_000,
  query_timeout: 10_000,
  keepAlive: true,
})
const db = new Kysely({ dialect: postgresDialect(pool) })
const broker = await openBroker(settings, { pool, db })
const plugins = await openPlugins(settings)
await migrateToLatest(db, { plugins: [...plugins, ...broker.tables] })

const adapter = broker.cached(kyselyAdapter(db))
// Longer than the balancer keeps an idle connection: else a request may meet its end.
const server = createServer({ keepAliveTimeout: 65_000 })
const apps = Object.fromEntries(
  ['jwt', 'database'].map((strategy) => [strategy, openApp({ strategy, adapter, broker, plugins, settings, server })]),
)
const delays = monitorEventLoopDelay({ resolution: 5 })
delays.enable()
const closing = stopOnSignal(server, async () => {
  await Promise.all(Object.values(apps).map(({ auth }) => auth.close()))
  await broker.close()
})
server.on('request', (req, res) => {
  if (closing.isBegun) res.setHeader('connection', 'close')
  const [, strategy, part] = req.url.split('?', 1)[0].split('/')
  if (strategy === 'health') return res.writeHead(closing.isBegun ? 503 : 200).end()
  closing.lastRequest = performance.now()
  return apps[strategy][part](req, res)
})
server.listen(0, '127.0.0.1', () => process.send({ origin: `http://127.0.0.1:${server.address().port}` }))

process.on('message', () => {
  process.send({ p99: delays.percentile(99) / 1e6, max: delays.max / 1e6, rss: process.memoryUsage().rss })
  delays.reset()
})
// The process that started it is gone.
process.on('disconnect', () => process.exit())
