import { createPerson } from './person.mjs'

/** Failed attempts for one name: the default. */
const LIMIT = 10
/** Where they are counted: in the counter that the instances share, and while it is gone in each instance. */
const COUNTERS = 3
const GUESSES = 60

/**
 * Guesses at one person's password, from an address of its own, at all instances in turn. Where the store is down a guess may fail as
 * unavailable: then it wasn't checked.
 *
 * @returns how many were checked, how many may be, and how many the limiter refused
 */
export async function guess(balancer, number) {
  const guesser = createPerson({
    balancer,
    strategy: 'jwt',
    name: `victim-${number}`,
    localAddress: `127.0.0.${100 + number}`,
  })
  const guesses = { allowed: 0, refused: 0, most: LIMIT * COUNTERS }
  for (let i = 0; i < GUESSES; i++) {
    const { kind } = await guesser.signIn('cookie', { password: `wrong ${i}` })
    if (kind === 'CredentialsSignin') guesses.allowed++
    if (kind === 'RateLimited') guesses.refused++
  }
  return guesses
}
