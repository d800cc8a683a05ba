/** Whether this runs in a page, whose tabs belong to one person. A server renders for many people in one process: there, clients share nothing. */
export function isPage(): boolean {
  return typeof document !== 'undefined'
}
