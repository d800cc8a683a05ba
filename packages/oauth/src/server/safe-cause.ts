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
    return new Error(`${cause.message}: ${cause.error} ${cause.error_description ?? ''}`.trim())
  const isOfLibrary = OF_LIBRARY.some((kind) => cause instanceof kind)
  return isOfLibrary && cause instanceof Error ? new Error(`${cause.message} (${readCode(cause)})`) : cause
}

function readCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
