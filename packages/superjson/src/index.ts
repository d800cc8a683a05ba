export { boundedSuperjson } from './bounded-superjson.ts'
export type { BoundedSuperjsonOptions } from './bounded-superjson.ts'
export type { SuperjsonInstance, SuperjsonPayload } from './instance.ts'
