import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that can be cut. */
export interface Proxy {
  readonly port: number
  /** Ends all connections, and accepts no more. */
  readonly cut: () => Promise<void>
  readonly restore: () => Promise<void>
  /** Passes nothing on from now on: connections stay, as those of a machine that has vanished do. `restore` ends them. */
  readonly swallow: () => void
  readonly close: () => Promise<void>
}

export async function openProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let isSwallowing = false
  const server = createServer((near) => {
    const far = createConnection({ host: '127.0.0.1', port: target })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => {
        if (!isSwallowing) to.write(bytes)
      })
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  const endAll = () => sockets.forEach((socket) => socket.destroy())
  const cut = async () => {
    const isClosed = server.listening ? once(server, 'close') : undefined
    server.close()
    endAll()
    await isClosed
  }
  return {
    port,
    cut,
    swallow: () => void (isSwallowing = true),
    restore: async () => {
      if (isSwallowing) endAll()
      isSwallowing = false
      if (!server.listening) await listen(port)
    },
    close: cut,
  }
}
