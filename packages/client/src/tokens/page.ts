/**
 * Whether this runs in a page, whose tabs belong to one person. A server renders for many in one process: there nothing is shared
 * and nobody waits for anybody.
 */
export function isPage(): boolean {
  return typeof document !== 'undefined'
}
