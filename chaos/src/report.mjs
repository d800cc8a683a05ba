/** A table in Markdown, as docs/reliability.md has it. */
export function printTable({ head, lines }) {
  console.log()
  for (const cells of [head, head.map(() => '---'), ...lines]) console.log(`| ${cells.join(' | ')} |`)
  console.log()
}

export const seconds = (milliseconds) => `${(milliseconds / 1_000).toFixed(2)} s`

/** The value under which `share` (0 to 1) of all are. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]
}

/** `12 ms`, or `1.20 s`. */
export const duration = (milliseconds) =>
  milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : seconds(milliseconds)
