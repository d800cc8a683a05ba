/** The same person and secret for everybody who is measured. */
export const SECRET = 'vX3p9Lq7Zt2mB6wK8rN4sD1fG5hJ0yCaE2'
export const ORIGIN = 'http://localhost:3000'
export const PERSON = { id: 'user-1', name: 'Ada Lindqvist', email: 'ada@example.com' }

/** What a browser sends besides the session: a header with one cookie favours libraries that parse all of them. */
export function cookieHeader(session) {
  return `theme=dark; _ga=GA1.1.123456789.1700000000; ${session}; consent=yes`
}

/** A Standard Schema that takes anything, so that no schema library is part of the measurement. */
export const ANYTHING = { '~standard': { version: 1, vendor: 'bench', validate: (value) => ({ value }) } }
