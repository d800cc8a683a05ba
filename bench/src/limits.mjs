import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto'
import Database from 'libsql'
import { cookieHeader, PERSON } from './people.mjs'

// What no library can beat: the bare work, with no rotation, no errors and no cookie to write.

const NAME = 'session'

function pick(header) {
  const start = header.indexOf(`${NAME}=`) + NAME.length + 1
  const end = header.indexOf(';', start)
  return header.slice(start, end === -1 ? header.length : end)
}

/** A cookie found in a map, with its expiry compared. */
export function openMap() {
  const token = randomBytes(300).toString('base64url')
  const sessions = new Map([[token, { user: PERSON, exp: Date.now() + 3_600_000 }]])
  return {
    cookie: cookieHeader(`${NAME}=${token}`),
    read: (request) => {
      const found = sessions.get(pick(request.headers.get('cookie')))
      return found && found.exp > Date.now() ? found : null
    },
  }
}

/** Node's own AES-GCM with a key that was imported once, and JSON.parse. */
export function openGcm() {
  const key = createSecretKey(randomBytes(32))
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12))
  const claims = {
    sub: PERSON.id,
    name: PERSON.name,
    email: PERSON.email,
    roles: ['admin'],
    org: 'acme',
    exp: Date.now() + 3_600_000,
  }
  const sealed = Buffer.concat([cipher.update(JSON.stringify(claims)), cipher.final(), cipher.getAuthTag()])
  return {
    cookie: cookieHeader(`${NAME}=${sealed.toString('base64url')}`),
    read: (request) => {
      const bytes = Buffer.from(pick(request.headers.get('cookie')), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.alloc(12), { authTagLength: 16 })
      decipher.setAuthTag(bytes.subarray(-16))
      const found = JSON.parse(decipher.update(bytes.subarray(0, -16)) + decipher.final())
      return found.exp > Date.now() ? found : null
    },
  }
}

const TABLES = `create table users (id text primary key, name text, email text, role text);
create table sessions (id text primary key, hash text unique, user_id text, expires bigint)`
const JOIN = 'select s.*, u.name, u.email, u.role from sessions s join users u on u.id = s.user_id where s.hash = '
const hash = (value) => createHash('sha256').update(value).digest('base64url')

function signIn() {
  const token = randomBytes(38).toString('base64url')
  const user = [PERSON.id, PERSON.name, PERSON.email, 'admin']
  const session = ['s-1', hash(token), PERSON.id, Date.now() + 3_600_000]
  return { cookie: cookieHeader(`${NAME}=${token}`), user, session }
}

/** A SHA-256 and one prepared join of session and user. */
export function openJoin() {
  const db = new Database(':memory:')
  db.exec(TABLES)
  const { cookie, user, session } = signIn()
  db.prepare('insert into users values (?, ?, ?, ?)').run(user)
  db.prepare('insert into sessions values (?, ?, ?, ?)').run(session)
  const find = db.prepare(`${JOIN}?`)
  return {
    cookie,
    read: (request) => {
      const found = find.get(hash(pick(request.headers.get('cookie'))))
      return found && found.expires > Date.now() ? found : null
    },
  }
}

/** The same on PostgreSQL, which plans a named statement once for each connection. */
export async function openPostgresJoin(pool) {
  await pool.query(TABLES)
  const { cookie, user, session } = signIn()
  await pool.query('insert into users values ($1, $2, $3, $4)', user)
  await pool.query('insert into sessions values ($1, $2, $3, $4)', session)
  return {
    cookie,
    read: async (request) => {
      const values = [hash(pick(request.headers.get('cookie')))]
      const [found] = (await pool.query({ name: 'find', text: `${JOIN}$1`, values })).rows
      return found && Number(found.expires) > Date.now() ? found : null
    },
  }
}
