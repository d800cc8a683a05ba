const BAR = 26
const LEFT = 290
const WIDTH = 400

/** The rates over HTTP as bars, each as its share of the same call without auth; readable on light and dark pages. */
export function drawChart({ rows }) {
  const bars = [...rows].sort((a, b) => b.share.median - a.share.median)
  const height = bars.length * (BAR + 8) + 56
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 ${height}" role="img" aria-labelledby="title" font-family="system-ui, sans-serif" font-size="14">
<title id="title">Requests per second of a call that knows its session, as a share of the same call without auth</title>
<style>text { fill: #1f1d1a } .soft { fill: #625d54 } @media (prefers-color-scheme: dark) { text { fill: #ece8e0 } .soft { fill: #a8a196 } }</style>
<text x="0" y="20" font-weight="600">A tRPC call that knows its session, as a share of one without auth</text>
${bars.map(drawBar).join('\n')}
<text x="0" y="${height - 6}" class="soft" font-size="12">Requests per second over HTTP; bench/RESULTS.md has the machine, the versions and the spread.</text>
</svg>
`
}

function drawBar({ name, share }, index) {
  const y = 36 + index * (BAR + 8)
  const width = Math.max(2, share.median * WIDTH)
  const isOurs = name.startsWith('Latchkey')
  return `<text x="${LEFT - 10}" y="${y + 18}" text-anchor="end"${isOurs ? ' font-weight="600"' : ''}>${escape(name)}</text>
<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="4" fill="${isOurs ? '#b07a1e' : '#9a948a'}"/>
<text x="${(LEFT + width + 8).toFixed(1)}" y="${y + 18}">${share.median.toFixed(2)}</text>`
}

function escape(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
}
