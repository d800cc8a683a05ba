/** Why a target isn't reached, from a profile (`node --cpu-prof`). Written by hand; shown if the run misses it. */
const HTTP =
  'of the 350 to 450 µs of CPU that a request costs here, a profile shows about 20 in our files (the context, the guard, the look-up, and `no-store` and `Vary` written where tRPC commits the headers), and some more in tRPC’s copies of a larger context; the machine itself varies by more (see min–max)'

export const WHY = {
  'warm token, in process, against @auth/core getToken':
    'the map by hand is the limit, and what is above it is picking the cookie, comparing the whole token, the clock, revocations, and dates of one’s own for every request',
  "cold token against Node's AES-GCM with a cached key and JSON.parse":
    'by hand nothing but the text is opened; a JWE’s header is authenticated, parsed and its key found by it, every part is checked for being canonical base64url, and every claim for its type',
  'database row against one prepared join and a SHA-256':
    'half of it is the driver making an object of a row that has all columns of session and user (10 µs; 5 as an array, which would be unsafe with columns that change meanwhile), 3 to 5 µs Kysely’s own execution, which plugins, logging and transactions hang on, the rest dates, roles and claims',
  'over HTTP, warm token ÷ a constant session behind one guard': HTTP,
  'over HTTP, cold token ÷ AES-GCM by hand': `${HTTP}; and opening a JWE costs 1.6 times the bare cipher`,
  'over HTTP, database row ÷ a prepared join by hand': `${HTTP}; and the row, see above`,
  'over HTTP, warm token against @auth/core getToken':
    'the call itself is most of what a request costs: on this machine even one without any auth reaches only 2.6 times that rate (a getToken row of 0.38)',
  "over HTTP, our row against better-auth's": 'the row, see above',
  'batch of 10 guarded calls ÷ the same behind a constant session':
    'one look-up and one pair of headers for ten calls; the runs differ by more than what is missing (see min–max)',
  'core and trpc with jose, gzipped: kB':
    'every export is counted. Plug-ins with their tables, second factors and the steps of a sign-in are 15 of them, and what jose encrypts with is 7; an app that imports `createAuth`, `credentials` and `createAuthRouter` bundles 55',
  'types of a small app against better-auth, with concat':
    'some 19,000 of them are tRPC’s own `concat`, whatever is given to it (two empty procedures cost as much); `use(protectedMiddleware)` does without',
  'types of one more guarded procedure against a bare middleware':
    'the context behind the guard is a wider type: a session with roles and claims in place of one field',
}
