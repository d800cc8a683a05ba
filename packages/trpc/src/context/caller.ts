import type { ResponseSink } from '@latchkey/core'
import type { CallerContextOptions, SetCookie } from './request.ts'

/** For a caller without a response of its own: cookies go where it says, or nowhere. */
export function createCallerSink({ setCookie }: CallerContextOptions): ResponseSink {
  if (!setCookie) return NOWHERE
  let isRefused = false
  return {
    writability: () => (isRefused ? 'none' : 'writable'),
    setCookie: (name, header) => {
      try {
        setCookie(name, header, parseSetCookie(name, header))
      } catch (error) {
        // In Next's server components the `set` of `cookies()` throws: if it did once it will again.
        isRefused = true
        throw error
      }
    },
    noStore: () => {}, // what a server component or an action returns is never cached by cookie
  }
}

/** A socket, or a caller that only reads. */
export const NOWHERE: ResponseSink = { writability: () => 'none', setCookie: () => {}, noStore: () => {} }

/** Takes a header of our own apart: its attributes are the engine's, spelled as the engine spells them. */
function parseSetCookie(name: string, header: string): SetCookie {
  const [pair = '', ...rest] = header.split('; ')
  const attributes = new Map(rest.map((part): [string, string] => splitAttribute(part)))
  const sameSite = attributes.get('samesite')
  return {
    name,
    value: pair.slice(name.length + 1),
    path: attributes.get('path') ?? '/',
    maxAge: Number(attributes.get('max-age') ?? 0),
    httpOnly: attributes.has('httponly'),
    secure: attributes.has('secure'),
    sameSite: sameSite === 'strict' || sameSite === 'none' ? sameSite : 'lax',
  }
}

function splitAttribute(part: string): [name: string, value: string] {
  const [name = '', value = ''] = part.split('=')
  return [name.toLowerCase(), name === 'Path' ? value : value.toLowerCase()]
}
