/**
 * Compares the database's rows with what the callers were told. Who keeps a session has exactly one that lives. Who signs in and out has
 * none, except one whose response was lost: its caller was told 503, and nobody holds it.
 *
 * @returns a line for each difference
 */
export async function findUnfaithful(database, callers) {
  const rows = await database.query('select user_id as name, revoked_at from sessions')
  const living = new Map()
  for (const { name, revoked_at } of rows) if (revoked_at === null) living.set(name, (living.get(name) ?? 0) + 1)
  const broken = callers.flatMap(({ way, person, calls }) => {
    const count = living.get(person.name) ?? 0
    const most = way === 'signIn' ? calls.filter(isUnknown).length : 1
    const least = way === 'signIn' ? 0 : 1
    return count >= least && count <= most
      ? []
      : [`rows: ${person.name} has ${count} sessions that live, not ${least} to ${most}`]
  })
  const [orphans] = await database.query(
    'select count(*)::int as count from sessions where user_id not in (select id from users)',
  )
  return orphans.count === 0 ? broken : [...broken, `rows: ${orphans.count} sessions have no user`]
}

/** A sign-in that failed after it may have been written: the database died between the commit and its answer. */
const isUnknown = ({ path, status }) => path === '/auth/signin/credentials' && status !== 200
