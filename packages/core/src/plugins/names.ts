/** Names that mean something else on `ctx.auth`, in a tRPC router, on tRPC's client, on promises or on every object. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    'session requireSession caller token clientSession checkOrigin signIn signOut refresh update ticket watch providers',
    'updateSession sessions streamTicket presentToken onSessionChange listSessions revokeSession revokeOtherSessions',
    'latchkey core engine present socket hasBody losesBody lookUpEarly operations signin signout',
    'then catch finally call apply bind query mutate subscribe queryOptions mutationOptions createCaller',
    'constructor prototype toString toLocaleString toJSON valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable',
  ]
    .join(' ')
    .split(' '),
)

const CAMEL_CASE = /^[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)*$/
const MAX_LENGTH = 30

/** Why a name can't be a plug-in's id, or an operation's; null if it can. */
export function findFault(name: unknown): string | null {
  if (typeof name !== 'string' || !CAMEL_CASE.test(name) || name.length > MAX_LENGTH)
    return `write it in camelCase, in at most ${MAX_LENGTH} letters and digits`
  return RESERVED.has(name) ? 'it means something else on ctx.auth, in tRPC or on promises: take another name' : null
}
