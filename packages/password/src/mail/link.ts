/** The link in a mail. Behind `#`, where no server's log and no `Referer` has it. */
export function createLink(baseUrl: URL, page: string, token: string): string {
  const url = new URL(page, baseUrl)
  url.hash = `token=${token}`
  return url.href
}
