import { get } from 'node:http'
import { WebSocket } from 'ws'
import { cookieHeader, ORIGIN } from './people.mjs'
import { tokenOf } from './rows.mjs'

// Opens many sockets or streams, a person each, and tells when one of them is ended by the server.

/** How many are being opened at any time. */
const AT_ONCE = 32

const OPEN = {
  /** A socket with one subscription. */
  sockets: ({ port, headers }, { opened, ended }) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers })
    socket.on('open', () => socket.send('{"id":1,"method":"subscription","params":{"path":"wait"}}'))
    socket.on('message', (message) => {
      const { result, error } = JSON.parse(message)
      if (error) ended(error.data.code)
      else if (result.type === 'data') opened()
    })
    socket.on('error', ({ message }) => ended(message))
  },
  /** A response of server-sent events. */
  streams: ({ port, headers }, { opened, ended }) => {
    const options = { port, path: '/wait', agent: false, headers: { ...headers, accept: 'text/event-stream' } }
    get({ ...options, host: '127.0.0.1' }, (response) => {
      response.setEncoding('utf8')
      response.on('data', (text) => {
        const [, reason] = /"code":"(\w+)"/.exec(text) ?? []
        if (reason) ended(reason)
        else if (text.includes('data: 0')) opened()
      })
      response.on('error', ({ message }) => ended(message))
    }).on('error', ({ message }) => ended(message))
  },
}

const { kind, port, cookie } = JSON.parse(process.argv[2])

function openOne(person) {
  const token = cookie.token === 'none' ? cookie.token : tokenOf(person, cookie.token)
  const headers = { cookie: cookieHeader(`${cookie.name}=${token}`), origin: ORIGIN }
  return new Promise((resolve, reject) => {
    let isOpen = false
    const opened = () => {
      isOpen = true
      resolve()
    }
    const ended = (reason) => {
      if (isOpen) process.send({ ended: person, reason, at: Number(process.hrtime.bigint()) / 1e6 })
      else reject(new Error(`${kind}, person ${person}: ${reason}`))
    }
    OPEN[kind]({ port, headers }, { opened, ended })
  })
}

process.on('message', async ({ id, argument: { from, to } }) => {
  let next = from
  const work = async () => {
    while (next < to) await openOne(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  process.send({ id, answer: to - from })
})
process.on('disconnect', () => process.exit(0))
