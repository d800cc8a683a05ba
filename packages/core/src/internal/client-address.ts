/**
 * The client's address, trusted no further than configured: `X-Forwarded-For` counts only as many entries, from the right, as
 * there are proxies of ours in front; anything left of them the client could have written itself.
 */
export function readClientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | null | undefined,
  trustedProxies: number,
): string | null {
  if (trustedProxies > 0) return forwardedFor?.split(',').at(-trustedProxies)?.trim() || (socketAddress ?? null)
  // A private neighbour that forwards for others is a proxy that isn't configured: its address stands for all of its clients, and one
  // of them could lock out the rest.
  if (forwardedFor && socketAddress && isPrivateAddress(socketAddress)) return null
  return socketAddress ?? null
}

const PRIVATE_IPV4 = /^(?:127|10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./

function isPrivateAddress(address: string): boolean {
  const key = toClientKey(address)
  return PRIVATE_IPV4.test(key) || key === '0:0:0:0::/64' || /^f[cde]/.test(key)
}

/** Longer than any address with its zone and port. */
const MAX_ADDRESS = 64

/** One key per client: an IPv4 address as it is, also when written as mapped IPv6; of an IPv6 address its /64, which one client owns whole. */
export function toClientKey(address: string): string {
  const bare = address
    .slice(0, MAX_ADDRESS)
    .trim()
    .toLowerCase()
    .replace(/^\[|\](?::\d+)?$/g, '')
    .replace(/%.*$/, '')
  const mapped = /^(?:0*:){2,5}(?:ffff:)(\d+\.\d+\.\d+\.\d+)$/.exec(bare) ?? /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)
  if (mapped?.[1]) return mapped[1]
  if (!bare.includes(':')) return bare
  // Some proxies write the client's port too, and that one changes with every connection.
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(bare)
  if (withPort?.[1]) return withPort[1]
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
