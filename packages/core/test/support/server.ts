import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { type FetchHandler, toNodeHandler } from '../../src/http/node.ts'

export interface RunningServer {
  readonly url: string
  readonly port: number
}

/**
 * A real server around a Fetch handler, for the length of a test.
 *
 * @param before what a framework in front would do to the request
 */
export async function serve(
  handler: FetchHandler,
  before: (req: IncomingMessage & { body?: unknown; originalUrl?: string }) => unknown = () => {},
): Promise<RunningServer> {
  const serveNode = toNodeHandler(handler)
  const listener = async (req: IncomingMessage, res: ServerResponse) => {
    await before(req)
    await serveNode(req, res)
  }
  const server = createServer((req, res) => void listener(req, res))
  onTestFinished(() => close(server))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  return { url: `http://127.0.0.1:${port}`, port }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** Writes bytes that no HTTP client would, and returns what comes back until the server closes or nothing more is said. */
export function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => (answer += chunk))
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

/** Begins a request and hangs up in the middle of it. */
export function hangUp(port: number, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, () => setTimeout(() => socket.destroy(), 20)))
    socket.on('close', () => resolve())
    socket.on('error', reject)
  })
}

export async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer) // no encoding was set
  return Buffer.concat(chunks)
}
