import {
  AuthorizationResponseError,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi'

const OF_LIBRARY = [OperationProcessingError, UnsupportedOperationError, WWWAuthenticateChallengeError]

/**
 * What went wrong, for the log: the errors of oauth4webapi carry what they were found in, the token response with its tokens or the callback
 * with its code. Their own words name neither.
 */
export function toSafeCause(cause: unknown): unknown {
  if (cause instanceof ResponseBodyError || cause instanceof AuthorizationResponseError)
    return new Error(toLine(`${cause.message}: ${cause.error} ${cause.error_description ?? ''}`))
  const isOfLibrary = OF_LIBRARY.some((kind) => cause instanceof kind)
  return isOfLibrary && cause instanceof Error ? new Error(`${cause.message} (${readCode(cause)})`) : cause
}

/** Of what a provider says, or whoever wrote the callback's address: the characters that RFC 6749 section 4.1.2.1 admits, on one line. */
function toLine(text: string): string {
  return text
    .replaceAll(/[^\x20-\x7E]+/g, ' ')
    .slice(0, MAX_TEXT)
    .trim()
}

const MAX_TEXT = 500

function readCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
