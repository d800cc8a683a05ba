import { chdir } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build, ensureInstalled } from './install.mjs'

// `npm run demo:cluster`: the demo as two instances behind one origin, on a PostgreSQL and a Redis of its own. The page "Machines" kills
// and starts each of the four. It needs PostgreSQL's programs and redis-server (Debian: postgresql, redis-server).
chdir(fileURLToPath(new URL('..', import.meta.url)))
ensureInstalled()
build('--filter=@latchkey/demo...')

const { startCluster } = await import('./cluster/cluster.mjs')
const cluster = await startCluster(Number(process.env.PORT ?? 3000)).catch((error) => {
  console.error(error.message)
  process.exit(1)
})
let isStopping = false
const stop = async () => {
  if (isStopping) return
  isStopping = true
  await cluster.stop()
  process.exit(0)
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop())
// npm runs this through a shell, which passes no signal on: when the shell is gone, so is the process that started the demo.
const { ppid } = process
setInterval(() => process.ppid !== ppid && void stop(), 500).unref()
