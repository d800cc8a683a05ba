/** Names that mean something else at any place of a tRPC client, on promises or on every object. */
const TAKEN_EVERYWHERE = readNames(
  'then catch finally call apply bind query mutate subscribe createCaller',
  'queryOptions mutationOptions subscriptionOptions infiniteQueryOptions queryKey queryFilter pathKey pathFilter mutationKey',
  'useQuery useMutation useSubscription useSuspenseQuery useInfiniteQuery useUtils useContext',
  'constructor prototype toString toLocaleString toJSON valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable',
)

/** Names that are taken at the top of `ctx.auth`, of the router, and of the addresses under `basePath`. */
const TAKEN_AT_TOP = readNames(
  'session requireSession caller requireCaller token clientSession checkOrigin signIn signOut refresh update ticket watch providers',
  'updateSession sessions accounts streamTicket presentToken onSessionChange perform engine watchCaller present socket hasBody losesBody lookUpEarly awaitSession awaitCaller latchkey core signin signout',
)

/** What `session.via` says of a session; of any other credential it says its plug-in's id. */
const TAKEN_BY_VIA = readNames('cookie bearer ticket credential')

function readNames(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' '))
}

const CAMEL_CASE = /^[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)*$/
const MAX_LENGTH = 30

/** Why a name can't be an operation's; null if it can. */
export function findFault(name: unknown): string | null {
  if (typeof name !== 'string' || !CAMEL_CASE.test(name) || name.length > MAX_LENGTH)
    return `write it in camelCase, in at most ${MAX_LENGTH} letters and digits`
  return TAKEN_EVERYWHERE.has(name) ? 'it means something else in tRPC or on promises: take another name' : null
}

/** Why a name can't be a plug-in's id; null if it can. */
export function findFaultOfId(id: unknown): string | null {
  const name = String(id)
  if (TAKEN_BY_VIA.has(name)) return 'it is a word of session.via: take another'
  return TAKEN_AT_TOP.has(name) ? 'it is a name on ctx.auth: take another' : findFault(id)
}
