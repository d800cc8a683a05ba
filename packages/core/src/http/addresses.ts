import type { MountedOperation } from '../contract/operation.ts'
import { configurationError } from '../errors.ts'

/**
 * The operations by method and address: `POST signout`, and `POST signin/*` if the last segment is a field of the input.
 *
 * @throws AuthError `Configuration` if two have the same
 */
export function readAddresses(operations: readonly MountedOperation[]): ReadonlyMap<string, MountedOperation> {
  const addresses = new Map<string, MountedOperation>()
  for (const mounted of operations) {
    if (!mounted.http) continue
    const { method, path, parameter } = mounted.http
    const address = `${method} ${path}${parameter ? '/*' : ''}`
    if (addresses.has(address) || addresses.has(`${method} ${withParameter(path)}`))
      throw configurationError('plugins', `two operations have the address ${address}: give one another \`http.path\``)
    addresses.set(address, mounted)
  }
  return addresses
}

/** The address that this path has if its last segment is a field of the input: `signin/*` for `signin/card`. */
export function withParameter(path: string): string {
  return `${path.slice(0, path.lastIndexOf('/') + 1)}*`
}
