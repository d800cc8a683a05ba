import { Session } from 'node:inspector/promises'
import { GCProfiler } from 'node:v8'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { WebSocketServer } from 'ws'
import { linesOf } from './profile-lines.mjs'
import { openVariant } from './variants.mjs'

// One variant of the app in a process of its own, which tells what it has used when it is asked.

const variant = await openVariant(process.argv[2])
if (!variant) process.send(null)
else serve(variant)
process.on('disconnect', async () => {
  await variant?.close?.()
  process.exit(0)
})

function serve({ cookie, router, createContext }) {
  const server = createHTTPServer({ router, createContext, maxBatchSize: 10 }).listen(0, '127.0.0.1')
  applyWSSHandler({ wss: new WebSocketServer({ server }), router, createContext })
  server.once('listening', () => process.send({ port: server.address().port, cookie }))
  process.on('message', async (question) => process.send(await ANSWERS[question]()))
}

let watch = null
let profiler = null

const ANSWERS = {
  /** CPU µs of the whole process since it began. */
  cpu,
  watchHeap: () => {
    watch = { collections: new GCProfiler(), heap: process.memoryUsage().heapUsed, cpu: cpu() }
    watch.collections.start()
    return true
  },
  /** What grew, and what every collection freed meanwhile, is what was allocated; its pauses are part of the CPU time. */
  heap: () => {
    const { statistics } = watch.collections.stop()
    const freed = ({ beforeGC, afterGC }) => beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize
    const grown = process.memoryUsage().heapUsed - watch.heap
    return {
      bytes: statistics.reduce((sum, collection) => sum + freed(collection), grown),
      collecting: statistics.reduce((sum, { cost }) => sum + cost, 0) / (cpu() - watch.cpu),
    }
  },
  startProfile: async () => {
    profiler = new Session()
    profiler.connect()
    await profiler.post('Profiler.enable')
    await profiler.post('Profiler.setSamplingInterval', { interval: 200 })
    await profiler.post('Profiler.start')
    return true
  },
  profile: async () => linesOf((await profiler.post('Profiler.stop')).profile),
}

function cpu() {
  const { user, system } = process.cpuUsage()
  return user + system
}
