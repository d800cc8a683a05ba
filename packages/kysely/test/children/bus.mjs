// A process that has nothing to do but to share a bus: node bus.mjs <entry> <idle|publish> <listen|poll> <url>
const [entry, task, kind, url] = process.argv.slice(2)
const { pollingBus, postgresBus, sqliteDialect } = await import(entry)
const bus = await OPEN()[kind]()
await bus.subscribe(() => {}, { lost: () => console.log('lost'), connected: () => console.log('connected') })
// Nobody waits for it.
if (task === 'publish') void bus.publish('1.goodbye')

function OPEN() {
  return {
    listen: async () => {
      const { default: pg } = await import('pg')
      return postgresBus(new pg.Pool({ connectionString: url }))
    },
    poll: async () => {
      const [{ default: Database }, { Kysely }] = await Promise.all([import('libsql'), import('kysely')])
      return pollingBus(new Kysely({ dialect: sqliteDialect(new Database(url)) }))
    },
  }
}
