/** A CPU profile as shares of the time that was worked: our own files by function, everything else by package. `[what, share]` each. */
export function linesOf({ nodes, samples, timeDeltas }) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const times = new Map()
  samples.forEach((id, index) => {
    const name = names.get(id)
    if (name) times.set(name, (times.get(name) ?? 0) + timeDeltas[index])
  })
  const worked = [...times.values()].reduce((sum, time) => sum + time, 0)
  return [...times].map(([name, time]) => [name, time / worked])
}

/** Null for what isn't work. */
function nameOf({ functionName, url }) {
  if (functionName === '(idle)') return null
  if (functionName === '(garbage collector)') return 'garbage collection'
  const [, ours] = /(?:node_modules\/@latchkey|\/packages)\/([\w-]+)\/dist\//.exec(url) ?? []
  if (ours) return `\`${functionName || '(anonymous)'}\` of @latchkey/${ours}`
  const [, foreign] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? []
  if (foreign) return foreign
  if (url.startsWith('file:')) return 'the app itself'
  // It's busy with this profile.
  if (url.startsWith('node:inspector')) return null
  const [, builtIn] = /^node:(?:internal\/)?_?([a-z]+)/.exec(url) ?? []
  return builtIn ? `Node’s ${builtIn}` : 'native code'
}
