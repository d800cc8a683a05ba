/** The figures of one scenario. */
export function measure({ scenario, callers, server, begun, over }) {
  const during = (caller) => caller.calls.filter((call) => call.ended >= begun)
  const calls = callers.flatMap(during)
  const failures = calls.filter(({ status }) => status !== 200)
  const waits = callers.map((caller) =>
    Math.min(
      ...during(caller)
        .filter(isLate(over))
        .map(({ ended }) => ended - over),
    ),
  )
  return {
    scenario,
    exits: server.exits,
    calls: calls.length,
    failures,
    /** The failures of those who should have gone on. */
    stopped: callers
      .filter(({ way }) => scenario.goesOn?.includes(way))
      .flatMap(during)
      .filter(({ status }) => status !== 200),
    signedOut: calls.filter(({ isSignedOut }) => isSignedOut),
    familiesLost: callers.filter(
      (caller) =>
        caller.way === 'tokens' && during(caller).some(({ status, path }) => status === 401 && path === '/auth/token'),
    ).length,
    slowest: Math.max(...calls.map(({ begun, ended }) => ended - begun)),
    /** Until the first caller was served, and until the last was. Infinity: never. */
    firstServed: Math.min(...waits),
    allServed: Math.max(...waits),
  }
}

const isLate = (over) => (call) => call.status === 200 && call.ended > over

/** A table in Markdown, as docs/reliability.md has it. */
export function print(database, callers, rows) {
  console.log(`\n${database}, ${callers} callers, Node ${process.version}\n`)
  const head = [
    'The database is',
    'for',
    'calls',
    'answered 200',
    'refused',
    'exits',
    'signed out',
    'refresh families lost',
    'slowest call',
    'first served after',
    'all served after',
  ]
  const lines = rows.map((row) => [
    row.scenario.name,
    `${row.scenario.seconds} s`,
    row.calls,
    row.calls - row.failures.length,
    countByKind(row.failures),
    row.exits,
    row.signedOut.length,
    row.familiesLost,
    `${(row.slowest / 1_000).toFixed(2)} s`,
    `${(row.firstServed / 1_000).toFixed(2)} s`,
    `${(row.allServed / 1_000).toFixed(2)} s`,
  ])
  for (const cells of [head, head.map(() => '---'), ...lines]) console.log(`| ${cells.join(' | ')} |`)
  console.log()
}

function countByKind(failures) {
  const counts = new Map()
  for (const { status, kind } of failures) {
    const name = `${status} ${kind ?? ''}`.trim()
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(', ') || 'none'
}
