import type { TRPCCombinedDataTransformer } from '@trpc/server'
import { toMutation, toSend } from '../send.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { AnyAuthLinkOptions } from './options.ts'

/**
 * A socket is authenticated by its first message. A later access token, or that there is none any more, is presented on the open socket by
 * `auth.presentToken`, so that streams on it go on.
 */
export interface Presenter {
  /** Waits until the socket, if it is open, knows these tokens. */
  readonly prepare: (tokens: Tokens | null) => Promise<void>
  /** Notes that the socket opens with these tokens, and returns what its first message says of them. */
  readonly opens: (tokens: Tokens | null) => Record<string, string> | null
}

/** @param path of `auth.presentToken` */
export function createPresenter(
  { socket, transformer = AS_IT_IS }: Pick<AnyAuthLinkOptions, 'socket' | 'transformer'>,
  path: string,
): Presenter {
  // One that is combined has both of its own.
  const combined = { input: transformer, output: transformer, ...transformer } as TRPCCombinedDataTransformer
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
      return tokens && { accessToken: tokens.accessToken }
    },
  }
}

const AS_IT_IS: TRPCCombinedDataTransformer['input'] = { serialize: (data) => data, deserialize: (data) => data }
