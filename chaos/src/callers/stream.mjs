import { request } from 'node:http'
import { ORIGIN } from '../origin.mjs'
import { carry } from './person.mjs'

/**
 * Server-sent events of one instance, as tRPC's client asks for them.
 *
 * @param params connectionParams, such as a ticket
 * @returns promises of the first item (null if there is none), and of when and why it is over
 */
export function openStream(instance, path, { strategy, cookies = new Map() }, params) {
  const query = params ? `?connectionParams=${encodeURIComponent(JSON.stringify(params))}` : ''
  const headers = { origin: ORIGIN, accept: 'text/event-stream', ...carry(cookies) }
  let open
  let end
  const opened = new Promise((resolve) => (open = resolve))
  const over = new Promise((resolve) => (end = resolve))
  let text = ''
  const isOver = () => {
    end({ at: performance.now(), kind: /"kind":"(\w+)"/.exec(text)?.[1] ?? null })
    open(null)
  }
  const sent = request(`${instance.origin}/${strategy}/trpc/${path}${query}`, { headers, agent: false }, (response) => {
    response.setEncoding('utf8')
    response.on('data', (part) => {
      text += part
      const item = /^data: (".*")$/m.exec(text)
      if (item) open(JSON.parse(item[1]))
      if (/^event: (?:serialized-error|return)\ndata:.*\n/m.test(text) || response.statusCode !== 200) isOver()
    })
    response.once('error', isOver).once('close', isOver)
  })
  sent.once('error', isOver).end()
  return { opened, over, close: () => sent.destroy() }
}
