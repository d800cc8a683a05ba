import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { BUSES, createStore } from './stores.mjs'

// How long an end in one instance takes to be a refusal in another, in two processes on one database.
//
//   node test/bus/revocation.mjs listen-postgres 200
//
// Prints a line of JSON for each credential, in milliseconds: {"bus":"listen-postgres","credential":"cookie","trials":200,"p50":…,"p100":…}

/** Milliseconds after which a session that is still taken counts as lost. */
const PATIENCE = 30_000

/** What a caller holds, and how it is shown. */
const CREDENTIALS = {
  cookie: async (origin, name) => {
    const response = await post(`${origin}/auth/signin/credentials`, {}, { name })
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0])
    return { cookie: cookies.join('; ') }
  },
  'access token': async (origin, name) => {
    const response = await post(`${origin}/auth/signin/credentials`, { 'x-auth-flow': 'token' }, { name })
    return { authorization: `Bearer ${(await response.json()).accessToken}` }
  },
}

/**
 * @param bus one of the names in BUSES
 * @returns for each credential the milliseconds of each trial, in ascending order, from the response that confirms the end
 */
export async function measureRevocation({ bus, trials }) {
  const { address, drop } = await createStore(BUSES[bus].store)
  const instances = []
  try {
    instances.push(await startInstance(bus, address), await startInstance(bus, address))
    const [here, there] = instances
    const times = {}
    for (const [credential, signIn] of Object.entries(CREDENTIALS)) {
      times[credential] = []
      for (let trial = 0; trial < trials; trial++) times[credential].push(await measureOne(here, there, signIn))
      times[credential].sort((a, b) => a - b)
    }
    return times
  } finally {
    await Promise.all(instances.map(({ end }) => end()))
    await drop()
  }
}

async function measureOne(here, there, signIn) {
  const headers = await signIn(here.origin, `user-${crypto.randomUUID()}`)
  if (!(await isSignedIn(there.origin, headers))) throw new Error('the other instance does not know the session')
  // So that each trial begins at another moment between two looks at a table.
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 500))
  await post(`${here.origin}/auth/signout`, headers)
  const endedAt = performance.now()
  while (await isSignedIn(there.origin, headers))
    if (performance.now() - endedAt > PATIENCE) throw new Error(`still signed in after ${PATIENCE} ms`)
  const took = performance.now() - endedAt
  if (await isSignedIn(here.origin, headers)) throw new Error('still signed in where the session was ended')
  return took
}

async function isSignedIn(origin, headers) {
  const response = await fetch(`${origin}/auth/session`, { headers })
  if (response.status === 401) return false
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) !== null
}

async function post(url, headers, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, origin: 'http://localhost:3000', 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return response
}

async function startInstance(bus, address) {
  const child = fork(fileURLToPath(new URL('instance.mjs', import.meta.url)), [bus, address], { execArgv: [] })
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (!message?.origin) throw new Error('an instance did not start')
  const isOver = once(child, 'exit')
  const end = async () => {
    child.kill()
    await isOver
  }
  return { origin: message.origin, end }
}

/** @returns the median and the longest time of ascending ones, in whole milliseconds */
export function summarize(times) {
  return { p50: Math.round(times[Math.floor(times.length / 2)]), p100: Math.ceil(times.at(-1)) }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [bus = 'listen-postgres', trials = '200'] = process.argv.slice(2)
  if (!(bus in BUSES)) throw new Error(`${bus}: name one of ${Object.keys(BUSES).join(', ')}`)
  const measured = await measureRevocation({ bus, trials: Number(trials) })
  for (const [credential, times] of Object.entries(measured))
    console.log(JSON.stringify({ bus, credential, trials: times.length, ...summarize(times) }))
}
