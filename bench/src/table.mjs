/** A Markdown table, under a heading if it has a title: its lines. */
export function table(title, head, lines) {
  return [
    ...(title ? [`## ${title}`, ''] : []),
    `| ${head.join(' | ')} |`,
    `|---|${head
      .slice(1)
      .map(() => '--:|')
      .join('')}`,
    ...lines.map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ]
}
