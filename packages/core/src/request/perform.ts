import type { Access, AnyOperation, MountedOperation, PerformOptions } from '../contract/operation.ts'
import { AuthError, invalidInput } from '../errors.ts'
import { runCallback } from '../config/run-callbacks.ts'
import { readFields } from '../internal/fields.ts'
import { isPlainObject } from '../internal/json.ts'
import { readFlow } from '../sign-in/flow.ts'
import { type CallParts, OperationCall } from './call.ts'
import type { RequestEngine } from './engine.ts'
import { type SessionLookUp, requireCaller } from './look-up.ts'
import type { OpenRequest } from './open-request.ts'
import { checkOwnOrigin, requireDeliverable } from './outgoing.ts'

/**
 * Runs an operation, for every face: the one place that defines the order of checks. A failure of the server is logged.
 *
 * @throws AuthError why it was refused, or what `run` throws
 */
export async function perform(
  request: OpenRequest,
  { operation, plugin }: MountedOperation,
  { readInput, signal }: PerformOptions,
): Promise<unknown> {
  const { engine, source } = request
  try {
    if (operation.missing !== null) throw new AuthError('NotFound', { detail: operation.missing })
    if (operation.type === 'mutation' && operation.origin === 'checked') checkOwnOrigin(engine, source)
    if (operation.type === 'mutation') source.response.noStore()
    const caller = await requireAccess(request, operation.access)
    // An operation without an input reads none.
    const input = operation.input && (await readInput())
    const flow = operation.takesFlow ? readFlow(engine.settings, input, source.header('x-auth-flow')) : null
    const value = await validate(operation, flow ? withoutFlow(input) : input)
    if (operation.signsIn && flow) requireDeliverable(source, flow)
    return await operation.run(new OperationCall({ request, plugin, ...caller, flow, signal }) as never, value as never) // by its maker's types
  } catch (error) {
    engine.logFailure(error)
    throw error
  }
}

/** Who asks: with a session if the operation asks for one. */
type Caller = Pick<CallParts, 'current' | 'lookUp'>

/** @throws AuthError `SessionRequired`, or why the credential doesn't count; `StepUpRequired` */
async function requireAccess(request: OpenRequest, access: Access): Promise<Caller> {
  if (access === 'public') return { current: null, lookUp: null }
  if (access === 'caller') return { current: requireCaller(await request.look()), lookUp: null }
  const lookUp = await request.require()
  if (access === 'fresh') requireFresh(request.engine, lookUp)
  return { current: lookUp.session, lookUp }
}

function requireFresh(
  { settings: { clock, freshAge } }: RequestEngine,
  { session: { authTime } }: SessionLookUp,
): void {
  if (!authTime || clock().getTime() - authTime.getTime() > freshAge) throw new AuthError('StepUpRequired')
}

/** `flow` and `refresh` belong to the call: no schema of an operation sees them. A call without anything else has no input. */
function withoutFlow(input: unknown): unknown {
  if (!isPlainObject(input)) return input
  const { flow: _flow, refresh: _refresh, ...rest } = input
  return rest
}

/** @throws AuthError `InvalidInput`, naming the fields */
async function validate({ input: schema }: AnyOperation, input: unknown): Promise<unknown> {
  if (!schema) return undefined
  const result = await runCallback(() => schema['~standard'].validate(input))
  if (result.issues) throw invalidInput(...readFields(result.issues))
  return result.value
}
