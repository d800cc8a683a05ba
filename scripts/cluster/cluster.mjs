import { randomBytes } from 'node:crypto'
import { findPort } from '../../chaos/src/machines/processes.mjs'
import { startFront } from './front.mjs'
import { startMachines } from './machines.mjs'

/** Two instances of the demo, their services, and what stands in front of them on `port`. */
export async function startCluster(port) {
  const url = `http://localhost:${port}`
  const demoIdPort = Number(process.env.DEMO_ID_PORT ?? port + 1)
  // What all instances must have in common.
  const shared = {
    ...process.env,
    AUTH_URL: url,
    AUTH_SECRET: process.env.AUTH_SECRET ?? randomBytes(33).toString('base64'),
    DEMO_ID_PORT: String(demoIdPort),
    DEMO_ID_SECRET: randomBytes(32).toString('base64url'),
  }
  const machines = await startMachines(shared, [await findPort(), await findPort()])
  const demoId = await startDemoId(url, shared).catch(stopAfter(machines))
  const front = await startFront({ port, url, machines }).catch(stopAfter(machines))
  console.log(describe(url))
  return {
    stop: async () => {
      front.close()
      front.closeAllConnections()
      demoId.close()
      demoId.closeAllConnections()
      await machines.stop()
    },
  }
}

/** The identity provider, which runs once for all instances. */
async function startDemoId(url, { DEMO_ID_PORT, DEMO_ID_SECRET }) {
  const { startDemoId: start } = await import('../../apps/demo/dist/server/demo-id/serve.js')
  const issuer = `http://127.0.0.1:${DEMO_ID_PORT}`
  return start({ url, demoId: { issuer, clientId: 'latchkey-demo', clientSecret: DEMO_ID_SECRET } })
}

function stopAfter(machines) {
  return async (error) => {
    await machines.stop()
    throw error
  }
}

function describe(url) {
  return [
    '',
    `  Latchkey demo: ${url}, served by two instances by turns`,
    `  ${url}/machines kills and starts them, their database and their Redis.`,
    '',
    '  Who can sign in:',
    '    ada@example.com  lantern-over-water  (admin)',
    '    ben@example.com  quiet-morning-tram  (member)',
    '',
  ].join('\n')
}
