import { once } from 'node:events'
import { WebSocket } from 'ws'
import { ORIGIN } from '../origin.mjs'
import { carry } from './person.mjs'

/**
 * A WebSocket to one instance, as tRPC's client speaks on it.
 *
 * @param params connectionParams, such as a ticket
 */
export async function openSocket(instance, { strategy, cookies = new Map() }, params) {
  const url = `${instance.origin.replace('http', 'ws')}/${strategy}/socket${params ? '?connectionParams=1' : ''}`
  const socket = new WebSocket(url, { headers: { origin: ORIGIN, ...carry(cookies) } })
  socket.on('error', () => {})
  await Promise.race([once(socket, 'open'), once(socket, 'close')])
  const waiting = new Map()
  let last = 0
  socket.on('message', (text) => {
    const message = JSON.parse(text)
    waiting.get(message.id)?.(message)
  })
  socket.once('close', () => waiting.forEach((tell) => tell({ error: { data: { kind: 'closed' } } })))
  if (params) socket.send(JSON.stringify({ method: 'connectionParams', data: params }))
  const begin = (method, path, tell) => {
    const id = ++last
    waiting.set(id, tell)
    socket.send(JSON.stringify({ id, method, params: { path } }))
    return id
  }
  return {
    /** @returns the result, or the kind of error */
    query: (path) =>
      new Promise((resolve) => {
        const id = begin('query', path, ({ result, error }) => {
          waiting.delete(id)
          resolve({ data: result?.data, kind: error?.data?.kind ?? error?.message })
        })
      }),
    /** @returns promises of its first item, and of when it is over */
    subscribe: (path) => {
      let open
      let end
      const opened = new Promise((resolve) => (open = resolve))
      const over = new Promise((resolve) => (end = resolve))
      begin('subscription', path, ({ result, error }) => {
        if (result?.type === 'data') open(result.data)
        if (!error && result.type !== 'stopped') return
        end({ at: performance.now(), kind: error?.data?.kind ?? null })
        open(null)
      })
      return { opened, over }
    },
    close: () => socket.terminate(),
  }
}
