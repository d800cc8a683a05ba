import { expect, test } from 'vitest'
import { PACKAGES, readImports, topFolder } from './imports.ts'

/** Core's folders, lowest first: each imports from those before it (docs/architecture.md). */
const ORDER = [
  'internal',
  'store',
  'contract',
  'token',
  'cookie',
  'csrf',
  'roles',
  'config',
  'bus',
  'session',
  'bearer',
  'accounts',
  'sign-in',
  'live',
  'request',
  'operations',
  'plugins',
  'http',
]

/** These don't import each other, although the order would allow it. */
const INDEPENDENT = ['token', 'cookie', 'csrf', 'roles']

test.each(PACKAGES)('no folders of %s import each other in a circle', (name) => {
  expect(findCircle(folderImports(name))).toBeNull()
})

test.each(PACKAGES)('no files of %s import each other in a circle, nor for their types', (name) => {
  const imports = readImports(name).filter(({ to }) => /\.tsx?$/.test(to))
  expect(findCircle(imports.map(({ from, to }): FolderImport => [from, to]))).toBeNull()
})

test('a folder of core imports from lower ones only', () => {
  const upward = folderImports('core').filter(([from, to]) => ORDER.indexOf(from) < ORDER.indexOf(to))
  expect(upward).toEqual([])
  expect(new Set(folderImports('core').flat())).toEqual(new Set(ORDER))
})

test('tokens, cookies, origins and roles are independent of each other', () => {
  const found = folderImports('core').filter((folders) => folders.every((folder) => INDEPENDENT.includes(folder)))
  expect(found).toEqual([])
})

test('three files stand at the root of core, and only the errors are imported from there', () => {
  const root = readImports('core').filter(({ from, to }) => topFolder(from) !== '' && /^\w+\.ts$/.test(to))
  expect(new Set(root.map(({ to }) => to))).toEqual(new Set(['errors.ts']))
  const files = new Set(readImports('core').flatMap(({ from, to }) => [from, to]))
  expect([...files].filter((file) => /^\w+\.ts$/.test(file)).toSorted()).toEqual(['auth.ts', 'errors.ts', 'index.ts'])
})

test.each([
  { graph: 'a chain', imports: [['a', 'b'], ['b', 'c'], ['a', 'c']], circle: null }, // prettier-ignore
  { graph: 'two that import each other', imports: [['a', 'b'], ['b', 'a']], circle: ['a', 'b', 'a'] }, // prettier-ignore
  { graph: 'three in a ring', imports: [['a', 'b'], ['b', 'c'], ['c', 'a']], circle: ['a', 'b', 'c', 'a'] }, // prettier-ignore
] as const)('finds the circle of $graph', ({ imports, circle }) => {
  expect(findCircle(imports)).toEqual(circle)
})

type FolderImport = readonly [from: string, to: string]

/** Which folder of a package imports from which, each pair once. The files of its root wire them together and belong to none. */
function folderImports(name: string): readonly FolderImport[] {
  const imports = readImports(name)
  expect(imports.length).toBeGreaterThan(0)
  const pairs = imports
    .filter(({ to }) => /\.tsx?$/.test(to))
    .map(({ from, to }): FolderImport => [topFolder(from), topFolder(to)])
    .filter(([from, to]) => from !== '' && to !== '' && from !== to)
  return [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()]
}

/** Each place is gone through once: a place that leads to no circle isn't looked at again. */
function findCircle(imports: readonly FolderImport[]): readonly string[] | null {
  const done = new Set<string>()
  const search = (path: readonly string[], place: string): readonly string[] | null => {
    if (path.includes(place)) return [...path.slice(path.indexOf(place)), place]
    if (done.has(place)) return null
    done.add(place)
    for (const [from, to] of imports) {
      const circle = from === place ? search([...path, place], to) : null
      if (circle) return circle
    }
    return null
  }
  return firstOf(imports, ([from]) => search([], from))
}

function firstOf<T, TFound>(items: readonly T[], find: (item: T) => TFound | null): TFound | null {
  for (const item of items) {
    const found = find(item)
    if (found) return found
  }
  return null
}
