import { randomUUID } from 'node:crypto'
import { connect } from './connect.mjs'

const { db, kyselyAdapter } = await connect(process.argv.slice(2))
// Hundreds of writes at once, on whatever machine: none gives up.
const adapter = kyselyAdapter(db, { writeTimeout: '30s' })
const now = new Date()
const times = { createdAt: now, lastSeenAt: now, expires: new Date(now.getTime() + 60_000) }
const state = { userAgent: null, ip: null, claims: null, revision: 0, generation: 0, rotatedAt: null, revokedAt: null }
for (let count = 0; count < 100; count++) {
  const session = { id: randomUUID(), sessionToken: randomUUID(), userId: 'ada', ...times, ...state }
  await adapter.createSession(session)
  const { sessionToken } = session
  await adapter.slideSession({ sessionToken, expires: new Date(now.getTime() + 90_000), lastSeenAt: now })
}
await db.destroy()
