import { round } from './statistics.mjs'
import { table } from './table.mjs'

/** What there may be many of: how long one takes, how many bytes it keeps, and what bounds them. */
export function reportGrowth(found) {
  return [
    ...rowTable(found),
    ...tokenTable(found),
    ...revocationTable(found),
    ...connectionTable(found),
    ...boundTable(found),
  ].join('\n')
}

const count = (number) => number.toLocaleString('en')
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`

function rowTable({ rows }) {
  const lines = rows.map(({ size, time }) => [count(size), round(time)])
  return table('As it grows', ['rows in the table of sessions', 'p50 of a look-up, µs'], lines)
}

function tokenTable({ tokens }) {
  const lines = tokens.map(({ size, time, cpu, bytes }) => [count(size), round(time), round(cpu), megabytes(bytes)])
  return table('', ['different tokens in use', 'p50 of a look-up, µs', 'CPU µs, mean', 'kept'], lines)
}

function revocationTable({ revocations }) {
  const lines = revocations.map(({ size, check, add, each, bytes }) => [
    count(size),
    round(check),
    round(add),
    round(each),
    megabytes(bytes),
  ])
  const head = [
    'sessions that have ended',
    'p50 of a warm look-up, µs',
    'p50 to end one more, µs',
    'bytes for one more',
    'kept',
  ]
  return table('', head, lines)
}

function connectionTable({ connections }) {
  const lines = connections.flatMap(({ kind, sizes }) =>
    sizes.map(({ size, bytes, without, cpu, wait, longest }) => [
      `${count(size)} ${kind}`,
      ...[bytes, without, bytes - without].map((each) => count(Math.round(each))),
      round(cpu),
      `${round(wait)} (${round(longest)})`,
    ]),
  )
  const head = [
    'open, each with a subscription and a session of its own',
    'bytes each',
    'without auth',
    'the difference',
    'to end one session, CPU ms',
    'until its client has heard, ms (longest)',
  ]
  return table('', head, lines)
}

function boundTable({ tokens, revocations, connections }) {
  const most = connections.map(({ kind, sizes }) => {
    const { size, bytes, without } = sizes.at(-1)
    return `${megabytes(size * (bytes - without))} for ${count(size)} ${kind}`
  })
  return table(
    '',
    ['what a process keeps', 'its bound', 'measured at or beyond it'],
    [
      [
        'opened tokens',
        '`tokenCache.maxBytes`: 16 MiB, cookies and access tokens each',
        megabytes(tokens.at(-1).bytes),
      ],
      ['ended sessions', '`MAX_REVOCATIONS`: 1,000,000', megabytes(revocations.at(-1).bytes)],
      [
        'sessions of sockets and streams',
        'no longer than the connection; 1,000 streams of one session (`MAX_WATCHERS`); connections: what the server accepts',
        most.join(', '),
      ],
    ],
  )
}
