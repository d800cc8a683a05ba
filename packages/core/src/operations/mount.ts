import {
  type AnyOperation,
  type HttpBinding,
  isOperation,
  type MountedOperation,
  type Operations,
} from '../contract/operation.ts'
import { configurationError } from '../errors.ts'
import { toKebabCase } from '../internal/kebab-case.ts'
import type { RequestEngine } from '../request/engine.ts'
import { builtIns } from './built-ins.ts'
import type { OwnOperation } from './own.ts'

/**
 * Everything that clients of this configuration can ask for: the library's own operations, then each plug-in's under its id.
 *
 * @throws AuthError `Configuration` if a plug-in's id is the name of an operation
 */
export function mountOperations(engine: RequestEngine): readonly MountedOperation[] {
  const own = builtIns(engine)
  checkIds(own, engine.plugins.operations)
  const mounted = [...list(own).map(mountOwn), ...list(engine.plugins.operations).map(mountPlugins)]
  return mounted.filter(({ operation }) => operation.missing === null)
}

/** The one group of the library's own that a plug-in of the same id may add to. */
const OPEN_GROUP = 'account'

function checkIds(own: Operations, plugins: Operations): void {
  const taken = Object.keys(plugins).find((id) => id !== OPEN_GROUP && Object.hasOwn(own, id))
  if (taken !== undefined) throw configurationError('plugins', `the id "${taken}" is an operation's name: take another`)
  const [ours, theirs] = [{ ...own[OPEN_GROUP] }, { ...plugins[OPEN_GROUP] }]
  const twice = Object.keys(theirs).find((name) => Object.hasOwn(ours, name))
  if (twice !== undefined)
    throw configurationError(`plugins.${OPEN_GROUP}.operations`, `"${twice}" is there already: take another name`)
}

type Placed = readonly [path: readonly string[], operation: AnyOperation]

/** The operations of a record with their paths, groups opened. */
function list(operations: Operations, path: readonly string[] = []): readonly Placed[] {
  return Object.entries(operations).flatMap(([name, member]) =>
    isOperation(member) ? [[[...path, name], member] as const] : list(member, [...path, name]),
  )
}

function mountOwn([path, operation]: Placed): MountedOperation {
  const { routerName, serverName } = operation as OwnOperation<'query'> // made by own()
  return {
    operation,
    plugin: null,
    router: withLastName(path, routerName),
    server: withLastName(path, serverName),
    http: readBinding(operation, path),
  }
}

function mountPlugins([path, operation]: Placed): MountedOperation {
  return { operation, plugin: path[0] ?? null, router: path, server: path, http: readBinding(operation, path) }
}

function withLastName(path: readonly string[], name: string | null | undefined): readonly string[] | null {
  if (name === null) return null
  return name === undefined ? path : [...path.slice(0, -1), name]
}

/** The address of an operation that names none: its path in kebab-case, GET for a query and POST for a mutation. */
function readBinding({ type, http }: AnyOperation, path: readonly string[]): HttpBinding | null {
  // JSON can't carry a stream.
  if (type === 'subscription') return null
  if (http !== undefined) return http
  return { method: type === 'query' ? 'GET' : 'POST', path: path.map(toKebabCase).join('/') }
}
