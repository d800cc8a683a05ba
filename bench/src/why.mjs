/** What there is to pay for beyond the reference. It holds whatever the figures are; shown if a run misses the target. */
export const WHY = {
  'warm token, in process, against @auth/core getToken':
    'the map by hand is the limit, and what is above it is picking the cookie, comparing the whole token, the clock and revocations',
  "cold token against Node's AES-GCM with a cached key and JSON.parse":
    'by hand nothing but the text is opened; a JWE’s header is authenticated, parsed and its key found by it, every part is checked for being canonical base64url, and every claim for its type',
  'database row against one prepared join and a SHA-256':
    'a row has more columns than the one by hand, and Kysely executes it, on which plugins, logging and transactions hang; then come dates, roles and claims',
  'core and trpc with jose, gzipped: kB':
    'every export is counted, plug-ins with their tables and second factors too; an app that imports `createAuth`, `credentials` and `createAuthRouter` bundles less',
  'types of a small app against better-auth, with concat':
    'some 17,000 of them are tRPC’s own `concat`, whatever is given to it (two empty procedures cost as much); `use(protectedMiddleware)` does without',
  'types of one more guarded procedure against a bare middleware':
    'the context behind the guard is a wider type: a session with roles and claims in place of one field',
}
