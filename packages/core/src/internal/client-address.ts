/**
 * The client's address, believed no further than configured: `X-Forwarded-For` counts only as many entries, from the right, as
 * there are proxies of ours in front; anything left of them the client could have written itself.
 */
export function readClientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | null | undefined,
  trustedProxies: number,
): string | null {
  if (trustedProxies === 0) return socketAddress ?? null
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim())
  return hops.at(-trustedProxies) || (socketAddress ?? null)
}

/** One key per client: an IPv4 address as it is, also when written as mapped IPv6; of an IPv6 address its /64, which one client owns whole. */
export function toClientKey(address: string): string {
  const bare = address.trim().toLowerCase().replace(/^\[|\](?::\d+)?$/g, '').replace(/%.*$/, '')
  const mapped = /^(?:0*:){2,5}(?:ffff:)(\d+\.\d+\.\d+\.\d+)$/.exec(bare) ?? /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)
  if (mapped?.[1]) return mapped[1]
  if (!bare.includes(':')) return bare
  const groups = expandIPv6(bare)
  if (isMappedHex(groups)) return toIPv4(groups)
  return `${groups.slice(0, 4).join(':')}::/64`
}

function expandIPv6(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const left = head ? head.split(':') : []
  const right = tail ? tail.split(':') : []
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...Array<string>(missing).fill('0'), ...right].map((group) => group.replace(/^0+(?=.)/, ''))
}

function isMappedHex(groups: readonly string[]): boolean {
  return groups.length === 8 && groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff'
}

function toIPv4(groups: readonly string[]): string {
  return groups
    .slice(6)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
    .join('.')
}
