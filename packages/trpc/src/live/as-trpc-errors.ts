import { toTRPCError } from '../errors.ts'

/** The same stream, whose end by an `AuthError` is tRPC's. */
export async function* asTRPCErrors<T>(stream: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* stream
  } catch (error) {
    throw toTRPCError(error)
  }
}
