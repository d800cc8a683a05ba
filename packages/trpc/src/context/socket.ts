import type { RequestSource, ResponseSink } from '@latchkey/core'
import { NOWHERE } from './caller.ts'
import type { SocketContextOptions } from './request.ts'
import { isBehind, socketDrained } from './socket-drained.ts'
import { readHeader } from './source.ts'

/** What the app and the socket's client add to what the adapter says. */
export interface SocketOptions {
  readonly address: string | undefined
  /** What its client has presented since the first message: another access token, or null for none any more. */
  readonly presented: string | null | undefined
  /** Takes what it presents. */
  readonly present: RequestSource['present']
}

/**
 * One operation on a socket. Its ticket or access token came in the socket's first message, which is no URL; else the handshake's cookies
 * count. The engine remembers which session the socket has, by the handshake.
 */
export class SocketSource implements RequestSource {
  readonly ticket: string | undefined
  /** Read at once: it is gone when the client is. */
  readonly address: string | undefined
  readonly present: RequestSource['present']
  readonly #from: SocketContextOptions
  readonly #accessToken: string | null | undefined

  constructor(from: SocketContextOptions, { address, presented, present }: SocketOptions) {
    const params = from.info?.connectionParams
    this.ticket = presented === undefined ? params?.ticket : undefined
    this.present = present
    this.#from = from
    this.address = address ?? from.req.socket?.remoteAddress
    this.#accessToken = presented === undefined ? params?.accessToken : presented
  }

  /** A handshake is a GET that carries cookies from any site, and opens a way to write: no method that an origin check lets pass. */
  get method(): string {
    return 'CONNECT'
  }

  header(name: string): string | undefined {
    const token = this.#accessToken
    const isReplaced = name === 'authorization' && token !== undefined && token !== null
    return isReplaced ? `Bearer ${token}` : readHeader(this.#from.req.headers, name)
  }

  get response(): ResponseSink {
    return NOWHERE
  }

  get connection(): object {
    return this.#from.req
  }

  get closed(): AbortSignal | undefined {
    return this.#from.info?.signal
  }

  drained(): Promise<void> | undefined {
    return isBehind(this.#from.res) ? socketDrained(this.#from.res) : undefined
  }
}
