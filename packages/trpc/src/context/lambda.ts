import type { RequestSource } from '@latchkey/core'
import { NOWHERE } from './caller.ts'
import { createFetchSink } from './fetch.ts'
import type { LambdaContextOptions, LambdaEvent } from './request.ts'

/** A request that API Gateway or a function URL handed to AWS Lambda. Without `resHeaders` nothing can be set on its response. */
export function toLambdaSource(
  { event, resHeaders }: LambdaContextOptions,
  isCommitted: () => boolean,
  address: string | undefined,
): RequestSource {
  const { requestContext } = event
  return {
    method: event.httpMethod ?? requestContext?.http?.method ?? 'POST',
    header: (name) => readLambdaHeader(event, name),
    address: address ?? requestContext?.http?.sourceIp ?? requestContext?.identity?.sourceIp,
    response: resHeaders ? createFetchSink(resHeaders, isCommitted) : NOWHERE,
  }
}

/** Version 1 of the event keeps the names as the client wrote them; version 2 has cookies of its own. */
export function readLambdaHeader(
  { headers, multiValueHeaders, cookies }: LambdaEvent,
  name: string,
): string | undefined {
  if (name === 'cookie' && cookies) return cookies.join('; ')
  const several = findByName(multiValueHeaders, name)
  return several ? several.join(name === 'cookie' ? '; ' : ', ') : findByName(headers, name)
}

function findByName<T>(
  headers: Readonly<Record<string, T | undefined>> | null | undefined,
  name: string,
): T | undefined {
  const found = Object.keys(headers ?? {}).find((key) => key.toLowerCase() === name)
  return found === undefined ? undefined : headers?.[found]
}
