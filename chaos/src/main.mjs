import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createCaller } from './caller.mjs'
import { startPostgres } from './postgres.mjs'
import { findBroken } from './promises.mjs'
import { measure, print } from './report.mjs'
import { listScenarios } from './scenarios.mjs'

/** Milliseconds that everybody has to be served again. */
const PATIENCE = 30_000

/** @returns the exit code */
export async function main({ isShort }) {
  const database = await startPostgres()
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void database.drop().then(() => process.exit(1)))
  let server
  try {
    server = await startServer(database)
    const callers = openCallers(server.origin)
    for (const caller of callers) await caller.signIn()
    const loops = callers.map((caller) => caller.run())
    const rows = [await play({ name: 'nothing', seconds: 2, begin: () => () => {} }, callers, server)]
    for (const scenario of listScenarios(database, isShort)) rows.push(await play(scenario, callers, server))
    for (const caller of callers) caller.stop()
    await Promise.all(loops)
    print(database.name, callers.length, rows)
    const broken = rows.flatMap(findBroken)
    for (const line of broken) console.error(`BROKEN: ${line}`)
    return broken.length === 0 ? 0 : 1
  } finally {
    server?.end()
    await database.drop()
  }
}

async function startServer({ app }) {
  const child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), {
    execArgv: [],
    env: { ...process.env, NODE_ENV: 'production', DATABASE: JSON.stringify(app) },
  })
  const server = { exits: 0, origin: '', end: () => child.kill() }
  child.on('exit', () => server.exits++)
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (!message?.origin) throw new Error('the server did not start')
  server.origin = message.origin
  return server
}

/** Ten of each strategy. */
function openCallers(origin) {
  const ways = ['page', 'page', 'page', 'session', 'session', 'tokens', 'tokens', 'tokens', 'signIn', 'signIn']
  return ['jwt', 'database'].flatMap((strategy) =>
    ways.map((way, i) => createCaller({ origin, strategy, way, name: `${strategy}-${way}-${i}` })),
  )
}

async function play(scenario, callers, server) {
  console.log(`${scenario.name} …`)
  const begun = performance.now()
  const end = await scenario.begin()
  await sleep(scenario.seconds * 1_000)
  await end()
  const over = performance.now()
  const isServed = ({ calls }) => calls.some(({ status, ended }) => status === 200 && ended > over)
  while (!callers.every(isServed) && performance.now() - over < PATIENCE) await sleep(20)
  // What was under way when everybody was served belongs to it too.
  await sleep(2_500)
  return measure({ scenario, callers, server, begun, over })
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
