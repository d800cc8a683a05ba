import { Agent, request } from 'node:http'

/** Milliseconds after which a call counts as one that hangs. */
export const HANGS = 10_000
/** How often a balancer asks an instance whether it takes requests. */
const CHECK = 100

/**
 * Sends requests to the instances in turn, as a load balancer does: to those that say they take requests, and to the next one if a
 * connection can't be made at all. A request that was sent is never sent again.
 */
export function createBalancer(instances) {
  const agent = new Agent({ keepAlive: true })
  let turn = 0
  const timer = setInterval(() => instances.forEach((instance) => void check(instance, agent)), CHECK)
  return {
    send: async (path, init) => {
      turn = (turn + 1) % instances.length
      const inTurn = [...instances.slice(turn), ...instances.slice(0, turn)]
      const ready = inTurn.filter(({ isReady }) => isReady)
      for (const instance of ready.length > 0 ? ready : inTurn) {
        const answer = await sendTo(instance, path, init, agent)
        if (answer.kind !== 'ECONNREFUSED') return answer
        instance.isReady = false
      }
      return { status: 0, kind: 'NoInstance', headers: {} }
    },
    /** To one of them. */
    sendTo: (instance, path, init) => sendTo(instance, path, init, agent),
    close: () => {
      clearInterval(timer)
      agent.destroy()
    },
  }
}

async function check(instance, agent) {
  const { origin } = instance
  const { status, kind } = await sendTo(instance, '/health', { timeout: 2_000 }, agent)
  // One that is slow to say is a busy one.
  if (instance.origin === origin && kind !== 'ABORT_ERR') instance.isReady = status === 200
}

/** @returns the status, the headers and the body; status 0 and the error's code if there was no response */
function sendTo(instance, path, { method = 'GET', headers = {}, body, localAddress, timeout = HANGS } = {}, agent) {
  return new Promise((resolve) => {
    const fail = (error) => resolve({ status: 0, kind: error.code ?? error.name, headers: {}, instance })
    const signal = AbortSignal.timeout(timeout)
    const sent = request(instance.origin + path, { method, headers, agent, signal, localAddress }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part) => (text += part))
      response.once('error', fail)
      response.once('end', () => resolve({ ...read(response, text), instance }))
    })
    sent.once('error', fail)
    sent.end(body)
  })
}

function read({ statusCode, headers }, text) {
  return { status: statusCode, headers, body: text ? JSON.parse(text) : null }
}
