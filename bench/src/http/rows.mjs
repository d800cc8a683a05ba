import { once } from './load.mjs'

// What is measured: which server, what it is asked, and the row that it's compared with.

export const NO_AUTH = 'no auth'
export const CONSTANT = 'a constant session behind one guard'
/** The same once more, in a process of its own like all: how far it is from the first is what the measurement can't tell apart. */
export const AGAIN = 'a constant session, once more'

const BATCH = `/${Array.from({ length: 10 }, () => 'whoAmI').join(',')}?batch=1`

/** A request of the chart's: one call that knows its session. */
const call = { path: '/whoAmI', part: 1, isCall: true }
/** Nothing is decided by a few per cent here, and they take long. */
const peer = { ...call, part: 1 / 4, warmUpPart: 1 }
/** Ten calls each: it takes thousands of them until a server has compiled what they need. */
const batch = { path: BATCH, part: 1 / 4, warmUpPart: 1 / 2 }
const socket = { path: 'whoAmI', part: 1, isSocket: true }

export const ROWS = [
  { name: NO_AUTH, server: 'no auth', ...call, path: '/ping' },
  { name: 'Latchkey, a public procedure', server: 'Latchkey, token', against: NO_AUTH, path: '/ping', part: 1 },
  { name: CONSTANT, server: 'a constant session', ...call, against: NO_AUTH },
  { name: 'Latchkey, warm token', server: 'Latchkey, token', ...call, against: CONSTANT },
  { name: AGAIN, server: 'a constant session', against: CONSTANT, path: '/whoAmI', part: 1 },
  { name: 'a cold token by hand (AES-GCM)', server: 'AES-GCM by hand', ...call },
  {
    name: 'Latchkey, a cold token every time',
    server: 'Latchkey, cold token',
    ...call,
    against: 'a cold token by hand (AES-GCM)',
  },
  { name: 'a prepared join by hand (SQLite)', server: 'a join by hand (SQLite)', ...call },
  {
    name: 'Latchkey, database row (SQLite)',
    server: 'Latchkey, row (SQLite)',
    ...call,
    against: 'a prepared join by hand (SQLite)',
  },
  { name: 'a named prepared join by hand (PostgreSQL)', server: 'a join by hand (PostgreSQL)', ...call },
  {
    name: 'Latchkey, database row (PostgreSQL)',
    server: 'Latchkey, row (PostgreSQL)',
    ...call,
    against: 'a named prepared join by hand (PostgreSQL)',
  },
  { name: '@auth/core getToken', server: '@auth/core getToken', ...peer },
  { name: 'better-auth, row (SQLite)', server: 'better-auth, row (SQLite)', ...peer },
  { name: 'better-auth, cookie cache', server: 'better-auth, cookie cache', ...peer },
  { name: 'iron-session', server: 'iron-session', ...peer },
  { name: 'jose, HS256', server: 'jose, HS256', ...peer },
  { name: 'a batch of 10 behind a constant session', server: 'a constant session', ...batch },
  {
    name: 'Latchkey, a batch of 10 guarded calls',
    server: 'Latchkey, token',
    ...batch,
    against: 'a batch of 10 behind a constant session',
  },
  { name: 'an operation on a socket, constant session', server: 'a constant session', ...socket },
  {
    name: 'Latchkey, an operation on a socket',
    server: 'Latchkey, token',
    ...socket,
    against: 'an operation on a socket, constant session',
  },
  { name: 'Latchkey, a stream opened by the cookie', server: 'Latchkey, token', path: '/once', part: 1 / 8 },
  {
    name: 'Latchkey, a stream opened by a ticket',
    server: 'Latchkey, token',
    path: '/once',
    part: 1 / 8,
    against: 'Latchkey, a stream opened by the cookie',
    toPaths: toTicketPaths,
  },
]

/** A ticket works once: they are fetched before the clock starts. */
async function toTicketPaths({ port, cookie }, count) {
  const headers = { cookie, 'content-type': 'application/json' }
  const paths = []
  for (let index = 0; index < count; index++) {
    const text = await once({ port, method: 'POST', path: '/auth.streamTicket', headers, body: '{}' })
    const params = JSON.stringify({ ticket: JSON.parse(text).result.data.json.ticket })
    paths.push(`/once?connectionParams=${encodeURIComponent(params)}`)
  }
  return paths
}
