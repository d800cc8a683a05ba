import { configurationError } from '../errors.ts'
import type { OriginTest } from './origin.ts'

/**
 * A pattern such as `https://*.preview.example`: the asterisk is the whole first label and stands for one label. Refused if anybody could
 * register a name that fits, as far as that can be told without the Public Suffix List.
 *
 * @throws AuthError `Configuration`
 */
export function readPattern(pattern: string): OriginTest {
  const { scheme, host, port } = parsePattern(pattern)
  const labels = host.split('.')
  if (labels.length < 2) throw refuse(pattern, 'write at least two labels after the asterisk')
  if (isOpenSuffix(labels))
    throw refuse(pattern, `anybody can register a name under ${host}: name a domain of your own`)
  const end = `.${host}${port}`
  return (origin) => {
    if (!origin.startsWith(scheme) || !origin.endsWith(end)) return false
    return /^[a-z\d_-]+$/.test(origin.slice(scheme.length, -end.length))
  }
}

/** Its parts as a browser writes them: lower case, punycode, no default port. */
function parsePattern(pattern: string) {
  const fix = "the asterisk must be the whole first label of an http(s) origin, e.g. 'https://*.preview.example.com'"
  const rest = /^(https?:\/\/)\*(?:\.([^*/\\?#@\s]+))?\/?$/i.exec(pattern)
  const [, scheme, after] = rest ?? []
  if (!scheme) throw refuse(pattern, fix)
  if (after === undefined) return { scheme: scheme.toLowerCase(), host: '', port: '' }
  const example = `${scheme}x.${after}`
  const url = URL.canParse(example) ? new URL(example) : null
  const host = url?.hostname.slice('x.'.length) ?? ''
  if (!url || host.split('.').includes('')) throw refuse(pattern, fix)
  return { scheme: `${url.protocol}//`, host, port: url.port && `:${url.port}` }
}

/** Second levels under which a country's registry sells names. */
const REGISTRY_LEVELS = new Set('ac co com edu go gob gouv gov ltd me mil ne net nhs nom or org plc sch'.split(' '))

/** The hosting domains that people deploy to most. */
const HOSTING = new Set(
  (
    'amplifyapp.com appspot.com azurewebsites.net azurestaticapps.net cloudfront.net deno.dev deno.net firebaseapp.com ' +
    'fly.dev github.io gitlab.io herokuapp.com netlify.app ngrok.app ngrok.dev ngrok.io ngrok-free.app ngrok-free.dev ' +
    'onrender.com pages.dev railway.app run.app stackblitz.io surge.sh trycloudflare.com vercel.app web.app workers.dev'
  ).split(' '),
)

function isOpenSuffix(labels: readonly string[]): boolean {
  const [second = '', first = ''] = labels
  if (labels.length > 2) return labels.slice(-2).join('.') === 'amazonaws.com'
  return HOSTING.has(labels.join('.')) || (first.length === 2 && REGISTRY_LEVELS.has(second))
}

function refuse(pattern: string, fix: string): Error {
  return configurationError('trustedOrigins', `"${pattern}": ${fix}`)
}
