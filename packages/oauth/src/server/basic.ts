import type { ClientAuth } from 'oauth4webapi'

/**
 * HTTP Basic with the client's id and secret (RFC 6749 section 2.3.1).
 *
 * They are encoded as in a form, which may write any character as `%2D`. What needs no encoding gets none: several token endpoints compare
 * without decoding.
 */
export function clientSecretBasic(clientSecret: string): ClientAuth {
  return (_as, { client_id: clientId }, _body, headers) => {
    headers.set('authorization', `Basic ${btoa(`${encode(clientId)}:${encode(clientSecret)}`)}`)
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+')
}
