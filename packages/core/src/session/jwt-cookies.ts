import type { Settings } from '../config/settings.ts'
import { MAX_COOKIE_LENGTH } from '../cookie/session-cookie.ts'
import type { AnyToken } from '../contract/token.ts'
import { andThen } from '../internal/awaitable.ts'
import type { Awaitable } from '../internal/types.ts'
import { MAX_SESSION_LENGTH, MAX_THEIR_LENGTH } from '../token/jwe.ts'
import { createKeyRing, type KeyRing } from '../token/keys.ts'
import { openToken, type RawClaims } from '../token/open.ts'
import { sealToken } from '../token/seal.ts'
import { createTheirClaims } from '../token/their-claims.ts'

/** What is in the cookies of jwt sessions: ours, and another library's while its sessions are taken over. */
export interface JwtCookies {
  /** The claims, authentic but not yet checked. @throws AuthError `InvalidToken` */
  readonly open: (value: string, isTheirs: true | undefined) => Awaitable<RawClaims>
  readonly seal: (token: AnyToken) => Promise<string>
  /** How long the value of a session that goes on may be. One that begins has {@link MAX_COOKIE_LENGTH}. */
  readonly maxLength: number
}

export function createJwtCookies(settings: Settings): JwtCookies {
  const { takeOver } = settings
  const ours = createKeyRing(() => ({ secrets: settings.secrets, salt: settings.cookie.name }))
  if (!takeOver) {
    return {
      open: (value) => openToken(ours, value),
      seal: (token) => sealToken(ours, token),
      maxLength: MAX_COOKIE_LENGTH,
    }
  }
  const theirs = createTheirRing(settings, takeOver)
  const claims = createTheirClaims(() => settings.secrets)
  const openTheirs = (value: string) =>
    andThen(openToken(theirs, value, undefined, MAX_THEIR_LENGTH), (opened) =>
      claims.read(opened, value, settings.clock()),
    )
  if (takeOver.write === 'ours') {
    return {
      open: (value, isTheirs) => (isTheirs ? openTheirs(value) : openToken(ours, value)),
      seal: (token) => sealToken(ours, token),
      maxLength: MAX_COOKIE_LENGTH,
    }
  }
  return {
    open: openTheirs,
    seal: async (token) => sealToken(theirs, await claims.write(token)),
    // The old app writes as many parts as it takes; those that it wrote come back in as many.
    maxLength: MAX_SESSION_LENGTH,
  }
}

function createTheirRing(settings: Settings, { from, secrets }: NonNullable<Settings['takeOver']>): KeyRing {
  return createKeyRing(() => {
    const { name } = settings.cookie.replaces ?? settings.cookie
    return { secrets: secrets(), ...(from === 'next-auth' ? { salt: '', format: from } : { salt: name }) }
  })
}
