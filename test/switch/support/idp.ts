import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Another service to sign in with: its pages ask nothing, and whoever comes is `person`. */
export interface Idp {
  readonly url: string
  person: string
  readonly close: () => void
}

export async function startIdp(): Promise<Idp> {
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', idp.url)
    const json = (body: object) => res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (url.pathname === '/authorize') {
      const back = new URL(url.searchParams.get('redirect_uri') ?? '')
      back.searchParams.set('code', idp.person)
      const state = url.searchParams.get('state')
      if (state) back.searchParams.set('state', state)
      return res.writeHead(302, { location: back.href }).end()
    }
    if (url.pathname === '/token') {
      let body = ''
      req.on('data', (part) => (body += String(part)))
      return req.once('end', () =>
        json({ token_type: 'bearer', access_token: new URLSearchParams(body).get('code') ?? '', expires_in: 3_600 }),
      )
    }
    const id = req.headers.authorization?.replace(/^bearer /i, '') ?? ''
    return json({ sub: `idp-${id}`, name: id, email: `${id}@example.com` })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const idp: Idp = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`, // it listens on a port
    person: 'ann',
    close: () => void server.close(),
  }
  return idp
}
