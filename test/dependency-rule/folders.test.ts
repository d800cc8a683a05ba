import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

test.each(['core', 'trpc', 'client', 'kysely'])('no folders of %s import each other in a circle', (name) => {
  const src = join(ROOT, 'packages', name, 'src')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
  const imports = files.flatMap((file) => readFolderImports(src, file))
  expect(imports.length).toBeGreaterThan(0)
  expect(findCircle(imports)).toBeNull()
})

test.each([
  {
    graph: 'a chain',
    imports: [
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
    ],
    circle: null,
  },
  {
    graph: 'two that import each other',
    imports: [
      ['a', 'b'],
      ['b', 'a'],
    ],
    circle: ['a', 'b', 'a'],
  },
  {
    graph: 'three in a ring',
    imports: [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ],
    circle: ['a', 'b', 'c', 'a'],
  },
] as const)('finds the circle of $graph', ({ imports, circle }) => {
  expect(findCircle(imports)).toEqual(circle)
})

type Import = readonly [from: string, to: string]

/** Which top folder of a package imports which. Its root, which wires them together, belongs to none. */
function readFolderImports(src: string, file: string): readonly Import[] {
  const specifiers = readFileSync(join(src, file), 'utf8').matchAll(/from '(\.[^']+)'/g)
  return [...specifiers]
    .map(([, specifier = '']): Import => [topFolder(file), topFolder(normalize(join(dirname(file), specifier)))])
    .filter(([from, to]) => from !== '' && to !== '' && from !== to)
}

function topFolder(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : ''
}

function findCircle(imports: readonly Import[], path: readonly string[] = []): readonly string[] | null {
  const last = path.at(-1)
  if (last !== undefined && path.indexOf(last) < path.length - 1) return path.slice(path.indexOf(last))
  const next = new Set(imports.flatMap(([from, to]) => (last === undefined ? [from] : from === last ? [to] : [])))
  for (const folder of next) {
    const circle = findCircle(imports, [...path, folder])
    if (circle) return circle
  }
  return null
}
