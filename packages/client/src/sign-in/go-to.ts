/**
 * Leads a window to another page.
 *
 * @throws TypeError for an address that would run as a script instead
 */
export function goTo(target: Location, url: string): void {
  if (!/^https?:\/\//.test(url)) throw new TypeError('The server has returned no address of a page.')
  target.assign(url)
}
