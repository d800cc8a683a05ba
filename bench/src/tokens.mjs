import { encode } from '@auth/core/jwt'
import { cookieHeader, SECRET } from './people.mjs'

/** The name that Latchkey's session cookie has over plain http. */
const NAME = 'latchkey.session'

/** Cookies of many people, each with a token of its own. */
export async function* sealMany(count) {
  for (let person = 0; person < count; person++) {
    const token = { sub: `user-${person}`, name: 'Ada Lindqvist', email: `ada-${person}@example.com`, roles: ['admin'] }
    yield cookieHeader(`${NAME}=${await encode({ token, secret: SECRET, salt: NAME })}`)
  }
}
