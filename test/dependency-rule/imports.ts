import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** One import of a package's source: of types too, for what a file knows of, its readers must know. */
export interface Import {
  /** The path of the importing file within `src`. */
  readonly from: string
  /** A path within `src`, or the name of what is imported from outside of the package. */
  readonly to: string
}

/** The packages of the workspace, by the names of their folders. */
export const PACKAGES: readonly string[] = readdirSync(join(ROOT, 'packages'))

/** Everything that the source of a package imports. */
export function readImports(name: string): readonly Import[] {
  const src = join(ROOT, 'packages', name, 'src')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
  return files.flatMap((file) => {
    const code = readFileSync(join(src, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
    const specifiers = code.matchAll(/(?:from |import\()'([^']+)'/g)
    return [...specifiers].map(([, specifier = '']) => ({
      from: file,
      to: specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier,
    }))
  })
}

/** The folder right under `src` that a file is in; empty for a file of the root. */
export function topFolder(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : ''
}
