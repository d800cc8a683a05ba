import { createHash, randomUUID } from 'node:crypto'

/** The name of the session's cookie and the token in it. */
export function readToken(cookie) {
  const [, name, token] = /; ([^=;]+)=([^;]*); consent/.exec(cookie)
  return { name, token }
}

/** Another person's token: as ours, with other random bytes. */
export function tokenOf(number, own) {
  const bytes = Buffer.from(own, 'base64url')
  createHash('sha256').update(String(number)).digest().copy(bytes)
  return bytes.toString('base64url')
}

/** Copies of the session that is there, under ids and tokens of their own. */
export function fillSessions(sqlite, from, to, token) {
  copyRow(sqlite, 'sessions', from, to, (number) => ({ id: randomUUID(), session_token: hashOf(number, token) }))
}

/** The same, each of a user of their own: `user-2` and so on. */
export function fillPeople(sqlite, from, to, token) {
  copyRow(sqlite, 'users', from, to, (number) => ({ id: `user-${number}`, email: `ada-${number}@example.com` }))
  copyRow(sqlite, 'sessions', from, to, (number) => ({
    id: randomUUID(),
    user_id: `user-${number}`,
    session_token: hashOf(number, token),
  }))
}

function copyRow(sqlite, table, from, to, changed) {
  const [row] = sqlite.prepare(`select * from ${table} limit 1`).all()
  const columns = Object.keys(row)
  const places = columns.map(() => '?').join(', ')
  const insert = sqlite.prepare(`insert into ${table} (${columns.join(', ')}) values (${places})`)
  sqlite.exec('begin')
  for (let number = from; number < to; number++) {
    const own = { ...row, ...changed(number) }
    insert.run(columns.map((column) => own[column]))
  }
  sqlite.exec('commit')
}

function hashOf(number, token) {
  return createHash('sha256').update(tokenOf(number, token)).digest('base64url')
}
