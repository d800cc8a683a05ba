import { Agent, request } from 'node:http'

/** Requests per second over kept-alive connections. Every response must be a 200. */
export async function load({ port, cookie }, { connections, milliseconds, path = '/whoAmI' }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const options = { agent, host: '127.0.0.1', port, path, headers: { cookie } }
  const until = performance.now() + milliseconds
  let done = 0
  const worker = async () => {
    while (performance.now() < until) {
      await once(options)
      done++
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
  return (done / (performance.now() - start)) * 1_000
}

function once(options) {
  return new Promise((resolve, reject) => {
    const req = request(options, (res) => {
      if (res.statusCode !== 200) reject(new Error(`status ${res.statusCode}`))
      res.resume().on('end', resolve)
    })
    req.on('error', reject).end()
  })
}
