import { describeSessionCookie, describeTheirCookie, type SessionCookie } from '../cookie/session-cookie.ts'
import type { OriginTest } from '../csrf/origin.ts'
import { createOriginTest, readTrustedOrigins, type TrustedOrigins } from '../csrf/trusted-origins.ts'
import { AuthError, configurationError } from '../errors.ts'
import { readEnv } from '../internal/env.ts'
import { memoize } from '../internal/memoize.ts'
import { isLoopback } from '../internal/loopback.ts'
import type { AnyOptions, CookieNames } from './options.ts'
import { readSecrets } from '../token/secrets.ts'

/** The settings that depend on where the app runs: its environment may not be there yet when the configuration is made. */
export interface Deployment {
  readonly secrets: readonly string[]
  readonly baseUrl: URL
  /** Whether neither the app nor its environment says where it is reached: `baseUrl` is development's default then. */
  readonly isDefaultUrl: boolean
  readonly isTrustedOrigin: OriginTest
  readonly cookie: SessionCookie
}

/**
 * Checks `secret`, `baseUrl` and what follows from them: at once if they are values, at their first use if they are functions or Next
 * builds the app.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 */
export function readDeployment(options: AnyOptions): Deployment {
  const cookies = options.cookies ?? {}
  checkCookieName('cookies.session.name', cookies.session?.name)
  checkCookieName('cookies.takeOver.name', cookies.takeOver?.name)
  const trusted = readTrustedOrigins(options.trustedOrigins ?? [])
  const secrets = memoize(() => readSecrets(readOption('secret', options.secret)))
  const site = memoize(() => readSite(readOption('baseUrl', options.baseUrl), cookies, trusted))
  const isSecretKnown = isAvailable(options.secret)
  const isSiteKnown = isAvailable(options.baseUrl)
  if (isSecretKnown) secrets()
  if (isSiteKnown) site()
  // Plain values if nothing is left to be asked: they are read with every request.
  if (isSecretKnown && isSiteKnown) return { secrets: secrets(), ...site() }
  return {
    get secrets() {
      return secrets()
    },
    get baseUrl() {
      return site().baseUrl
    },
    get isDefaultUrl() {
      return site().isDefaultUrl
    },
    get isTrustedOrigin() {
      return site().isTrustedOrigin
    },
    get cookie() {
      return site().cookie
    },
  }
}

/** `next build` runs the app's modules without the environment that it is deployed to. */
export function isAvailable(option: unknown): boolean {
  return typeof option !== 'function' && readEnv('NEXT_PHASE') !== 'phase-production-build'
}

/** An option's value, or what its function returns. @throws AuthError `Configuration` */
export function readOption<T>(name: string, option: T | (() => T | undefined) | undefined): T | undefined {
  if (!isFunction(option)) return option
  try {
    return option()
  } catch (cause) {
    throw new AuthError('Configuration', { detail: `${name}: its function threw`, cause })
  }
}

function isFunction<T>(option: T | (() => T | undefined) | undefined): option is () => T | undefined {
  return typeof option === 'function'
}

function readSite(
  option: string | undefined,
  cookies: CookieNames,
  trusted: TrustedOrigins,
): Omit<Deployment, 'secrets'> {
  const isProduction = readEnv('NODE_ENV') === 'production'
  const written = option || readEnv('AUTH_URL')
  const baseUrl = readBaseUrl(written, isProduction)
  const secure = baseUrl.protocol === 'https:'
  return {
    baseUrl,
    isDefaultUrl: !written,
    isTrustedOrigin: createOriginTest(baseUrl, trusted, !written),
    cookie: readCookies(cookies, secure),
  }
}

function readBaseUrl(written: string | undefined, isProduction: boolean): URL {
  const fix =
    `set it, or AUTH_URL, to where the app is reached, e.g. 'https://app.example.com'; ` +
    'if the environment comes later (a build, a Worker), pass a function: () => process.env.AUTH_URL'
  if (!written) {
    if (isProduction) throw configurationError('baseUrl', fix)
    return new URL('http://localhost:3000')
  }
  const url = URL.canParse(written) ? new URL(written) : null
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw configurationError('baseUrl', fix)
  if (isProduction && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw configurationError('baseUrl', 'use https in production: cookies over plain http can be read on the way')
  }
  return url
}

/** The session cookie; with the old app's one beside it while sessions move over. */
function readCookies({ session, takeOver }: CookieNames, secure: boolean): SessionCookie {
  const ours = describeSessionCookie(session?.name, secure)
  const theirs = takeOver ? describeTheirCookie(takeOver, secure) : null
  checkPrefix('cookies.session.name', ours)
  if (!theirs) return ours
  checkPrefix('cookies.takeOver.name', theirs)
  if (theirs.name === ours.name) throw configurationError('cookies.session.name', 'it is the name that is taken over')
  return takeOver?.write === 'ours' ? { ...ours, replaces: theirs } : theirs
}

function checkPrefix(option: string, { name, secure, domain }: SessionCookie): void {
  if (name.startsWith('__') && !secure)
    throw configurationError(option, 'browsers take __Host- and __Secure- names over https only; baseUrl is http')
  if (name.startsWith('__Host-') && domain !== undefined)
    throw configurationError('cookies.takeOver.domain', 'a __Host- name has none: leave it out')
}

/** RFC 6265 section 4.1.1: a cookie's name is an HTTP token. */
function checkCookieName(option: string, name: unknown): void {
  if (name !== undefined && !(typeof name === 'string' && /^[\w!#$%&'*+\-.^`|~]+$/.test(name)))
    throw configurationError(option, 'use letters, digits and -_. only')
}
