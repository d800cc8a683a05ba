import { within } from '../within.ts'
import { CONNECT_TIMEOUT, type ConnectPostgres, type PostgresBusClient } from './client.ts'

/** A connection that comes too late is closed. */
export async function connectInTime(connect: ConnectPostgres): Promise<PostgresBusClient> {
  const connecting = connect()
  try {
    return await within(connecting, CONNECT_TIMEOUT)
  } catch (cause) {
    void connecting.then(endClient, () => {})
    throw cause
  }
}

/** Milliseconds that a server may take to hear of the end. */
const PATIENCE = 500

/** Ends it, also if nobody answers at the other end. */
export async function endClient(client: PostgresBusClient): Promise<void> {
  await within(client.end(), PATIENCE).catch(() => destroySocket(client))
}

function destroySocket(client: object): void {
  const connection: unknown = Reflect.get(client, 'connection')
  const stream: unknown = connection instanceof Object ? Reflect.get(connection, 'stream') : undefined
  if (stream instanceof Object && 'destroy' in stream && typeof stream.destroy === 'function') stream.destroy()
}

/** Whether a process waits for this connection before it ends. A client that can't say makes it wait. */
export function holdProcess(client: object, holds: boolean): void {
  const change: unknown = Reflect.get(client, holds ? 'ref' : 'unref')
  if (typeof change === 'function') change.call(client)
}
