import { parseField } from './schema-text.ts'

/** The lines of a new model with its names, types and attributes one below the other, as Prisma's formatter puts them. */
export function alignFields(lines: readonly string[]): readonly string[] {
  const fields = lines.map(parseField)
  const width = (key: 'name' | 'type') => Math.max(0, ...fields.map((field) => field?.[key].length ?? 0))
  const [names, types] = [width('name'), width('type')]
  return lines.map((line, index) => {
    const field = fields[index]
    if (!field) return line
    const rest = line.trim().slice(field.name.length).trim().slice(field.type.length).trim()
    return `  ${field.name.padEnd(names)} ${field.type.padEnd(types)} ${rest}`.trimEnd()
  })
}
