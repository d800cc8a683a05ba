import type { TRPCWebSocketClient } from '@trpc/client'
import type { TRPCCombinedDataTransformer } from '@trpc/server'
import type { Tokens } from '../tokens/tokens.ts'
import { toMutation, toSend } from '../send.ts'

/**
 * A socket's credentials are those of its first message. What an open one must know in the meantime, that the access token is another
 * or none, it is told by `auth.presentToken`; so streams on it go on.
 */
export interface Presenter {
  /** Waits until the socket, if it is open, knows these tokens. */
  readonly prepare: (tokens: Tokens | null) => Promise<void>
  /** The socket opens, and is given these in its first message. */
  readonly opens: (tokens: Tokens | null) => void
}

export interface PresenterOptions {
  readonly socket: (() => TRPCWebSocketClient) | undefined
  readonly transformer: TRPCCombinedDataTransformer['input'] | TRPCCombinedDataTransformer | undefined
  readonly path: string
}

export function createPresenter({ socket, transformer, path }: PresenterOptions): Presenter {
  const combined = combine(transformer)
  let known: string | undefined
  let calls = 0

  const present = async (client: TRPCWebSocketClient, accessToken: string | undefined): Promise<void> => {
    // Below zero, for the client's own operations count up from one.
    const op = { ...toMutation(path, { accessToken }), id: --calls }
    await toSend(() => client.request({ op, transformer: combined }))(op)
    known = accessToken
  }
  return {
    opens: (tokens) => {
      known = tokens?.accessToken
    },
    prepare: async (tokens) => {
      const client = socket?.()
      const isOpen = client?.connection?.state === 'open'
      if (isOpen && tokens?.accessToken !== known) await present(client, tokens?.accessToken)
    },
  }
}

const AS_IT_IS: TRPCCombinedDataTransformer['input'] = { serialize: (data) => data, deserialize: (data) => data }

function combine(transformer: PresenterOptions['transformer'] = AS_IT_IS): TRPCCombinedDataTransformer {
  return 'input' in transformer ? transformer : { input: transformer, output: transformer }
}
