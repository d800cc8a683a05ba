import type { TRPCWebSocketClient } from '@trpc/client'
import type { TRPCCombinedDataTransformer } from '@trpc/server'
import { toMutation, toSend } from '../send.ts'
import type { Tokens } from '../tokens/tokens.ts'

/**
 * A socket is authenticated by its first message. A later access token, or that there is none any more, is presented on the open socket by
 * `auth.presentToken`, so that streams on it go on.
 */
export interface Presenter {
  /** Waits until the socket, if it is open, knows these tokens. */
  readonly prepare: (tokens: Tokens | null) => Promise<void>
  /** Notes that the socket opens, and is given these tokens in its first message. */
  readonly opens: (tokens: Tokens | null) => void
}

export interface PresenterOptions {
  readonly socket: (() => TRPCWebSocketClient) | undefined
  readonly transformer: TRPCCombinedDataTransformer['input'] | TRPCCombinedDataTransformer | undefined
  /** Of `auth.presentToken`. */
  readonly path: string
}

export function createPresenter({ socket, transformer, path }: PresenterOptions): Presenter {
  const combined = combine(transformer)
  let known: string | undefined
  let calls = 0
  return {
    prepare: async (tokens) => {
      const client = socket?.()
      const accessToken = tokens?.accessToken
      if (client?.connection?.state !== 'open' || accessToken === known) return
      // Below zero, for the client's own operations count up from one.
      const op = { ...toMutation(path, { accessToken }), id: --calls }
      await toSend(() => client.request({ op, transformer: combined }))(op)
      known = accessToken
    },
    opens: (tokens) => {
      known = tokens?.accessToken
    },
  }
}

const AS_IT_IS: TRPCCombinedDataTransformer['input'] = { serialize: (data) => data, deserialize: (data) => data }

function combine(transformer: PresenterOptions['transformer'] = AS_IT_IS): TRPCCombinedDataTransformer {
  return 'input' in transformer ? transformer : { input: transformer, output: transformer }
}
