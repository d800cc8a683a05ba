import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** What `npm install` puts beside each package, asked for or not. Peers are what the app has anyway, or what is optional. */
test.each([
  ['core', ['jose'], []],
  ['trpc', [], ['@latchkey/core', '@trpc/server']],
  ['kysely', ['@latchkey/core'], ['kysely']],
  ['client', ['@latchkey/core'], ['@tanstack/react-query', '@trpc/client', '@trpc/server', 'react']],
])('an app that installs %s gets no way to sign in with it', (name, dependencies, peers) => {
  const manifest = readManifest(name)
  expect(Object.keys(manifest.dependencies ?? {})).toEqual(dependencies)
  expect(Object.keys(manifest.peerDependencies ?? {})).toEqual(peers)
  expect(manifest.optionalDependencies).toBeUndefined()
})

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

function readManifest(name: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8')) as Manifest // npm's own format
}
