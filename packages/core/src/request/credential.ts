import { readBearerToken } from '../bearer/header.ts'
import type { RequestSource } from '../context.ts'
import type { Rooms } from './rooms.ts'

/** The request's bearer token where it is one of ours and there are any. */
export function findBearerToken({ bearer }: Rooms, source: RequestSource): string | null {
  return bearer && readBearerToken(source.header('authorization'))
}
