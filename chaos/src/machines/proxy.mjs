import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/**
 * A network between one instance and a service, which can be cut: connections end, and new ones are refused at once. `target` is what
 * `net.connect` takes.
 */
export async function startProxy(target) {
  const sockets = new Set()
  let isCut = false
  const keep = (socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((near) => {
    keep(near)
    if (isCut) return near.destroy()
    const far = keep(connect(target))
    near.pipe(far).pipe(near)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: server.address().port,
    cut,
    mend: () => void (isCut = false),
    close: () => {
      cut()
      server.close()
    },
  }
}
