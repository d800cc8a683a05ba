import { NO_AUTH } from './http/rows.mjs'

const BAR = 26
const LEFT = 350
const WIDTH = 380

/** What a call that knows its session costs the server, as bars; readable on light and dark pages. */
export function drawChart({ rows, version }) {
  const bars = rows.filter(({ isCall }) => isCall).sort((a, b) => a.cpu.median - b.cpu.median)
  const longest = bars.at(-1).cpu.median
  const height = bars.length * (BAR + 8) + 56
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 ${height}" role="img" aria-labelledby="title" font-family="system-ui, sans-serif" font-size="14">
<title id="title">CPU time of the server for one tRPC call that knows its session</title>
<style>text { fill: #1f1d1a } .soft { fill: #625d54 } @media (prefers-color-scheme: dark) { text { fill: #ece8e0 } .soft { fill: #a8a196 } }</style>
<text x="0" y="20" font-weight="600">A tRPC call that knows its session: CPU µs of the server per request, less is better</text>
${bars.map((row, index) => drawBar(row, index, row.cpu.median / longest)).join('\n')}
<text x="0" y="${height - 6}" class="soft" font-size="12">CPU time per request over HTTP, ${version}; bench/RESULTS.md has the machine, the versions and the resolution.</text>
</svg>
`
}

function drawBar({ name, cpu }, index, part) {
  const y = 36 + index * (BAR + 8)
  const width = Math.max(2, part * WIDTH)
  const isOurs = name.startsWith('Latchkey')
  return `<text x="${LEFT - 10}" y="${y + 18}" text-anchor="end"${isOurs ? ' font-weight="600"' : name === NO_AUTH ? ' class="soft"' : ''}>${escape(name)}</text>
<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="4" fill="${isOurs ? '#b07a1e' : '#9a948a'}"/>
<text x="${(LEFT + width + 8).toFixed(1)}" y="${y + 18}">${Math.round(cpu.median)}</text>`
}

function escape(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
}
