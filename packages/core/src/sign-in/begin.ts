import type { Engine } from '../config/engine.ts'
import { runCallback } from '../config/run-callbacks.ts'
import type { AnyProvider, Step } from '../contract/provider.ts'
import { AuthError, invalidInput } from '../errors.ts'
import { readFields } from '../internal/fields.ts'
import { isPlainObject } from '../internal/json.ts'
import type { SignInEngine, SignInRequest } from './engine.ts'
import { isGuessable } from './known-names.ts'

/** What a client has sent, as its provider's schema made it. */
export interface ProviderInput {
  readonly provider: AnyProvider
  readonly fields: Readonly<Record<string, unknown>>
}

/** Fields of the call itself, which no provider gets to see. */
const CALL_FIELDS = new Set(['provider', 'flow', 'refresh'])

/** @throws AuthError `InvalidInput`, naming the fields */
export async function readProviderInput({ settings }: Engine, input: unknown): Promise<ProviderInput> {
  if (!isPlainObject(input)) throw new AuthError('InvalidInput')
  const provider = typeof input.provider === 'string' ? settings.providers.get(input.provider) : undefined
  if (!provider) throw invalidInput('provider')
  const fields = Object.fromEntries(Object.entries(input).filter(([field]) => !CALL_FIELDS.has(field)))
  const result = await runCallback(() => provider.input['~standard'].validate(fields))
  if (result.issues) throw invalidInput(...readFields(result.issues))
  if (!isPlainObject(result.value)) throw new AuthError('InvalidInput')
  return { provider, fields: result.value }
}

/** What a provider returned. */
export interface Begun {
  readonly step: Step
  /** The name that was typed, with whatever proves that it is theirs; null: the provider asks for no name, or for no password. */
  readonly name: string | null
}

/**
 * Asks the provider, counted.
 *
 * @throws AuthError `RateLimited`, `CredentialsSignin`, `CallbackRouteError`
 */
export async function begin(
  engine: SignInEngine,
  { provider, fields }: ProviderInput,
  { client, device, open }: SignInRequest,
): Promise<Begun> {
  const input = fields as never // the provider's own schema made it; AnyProvider has forgotten the type
  const { id, identify } = provider
  const name = identify ? requireName(await runCallback(() => identify(input)), id) : null
  const call = open(engine.plugins.providers.get(id) ?? id)
  const ask = () => runCallback(() => provider.begin(input, call as never))
  const address = client.ip
  if (name === null || !isGuessable(provider))
    return { step: requireStep(await engine.attempt({ what: id, whom: name, address }, ask), id), name: null }
  const known = await engine.devices.find(device, { provider: id, name })
  return { step: requireStep(await engine.guess({ provider: id, name, address, device: known }, ask), id), name }
}

/** What isn't a name (an optional field that was left out, say) would not be counted, so it is refused. */
function requireName(name: unknown, provider: string): string {
  if (typeof name === 'string') return name
  throw new AuthError('CallbackRouteError', { cause: new Error(`identify() of "${provider}" must return a string`) })
}

const STEPS = ['user', 'mirror', 'create', 'account', 'email', 'redirect', 'answer'] as const

function requireStep(step: Step, provider: string): Step {
  const names = isPlainObject(step) ? STEPS.filter((name) => name in step) : []
  // A proven address may say whom to create.
  if (names.length === 1 || (names.length === 2 && 'email' in step && 'create' in step)) return step
  const cause = new Error(`begin() of "${provider}" must return null or one of ${STEPS.join(', ')}`)
  throw new AuthError('CallbackRouteError', { cause })
}
