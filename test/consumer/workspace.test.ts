import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RegistryUnreachable } from './support/install.ts'
import { packPackages } from './support/pack.ts'
import { compilePackage, installWorkspace } from './support/workspace.ts'

// A workspace whose packages see what they depend on and no more: `api` emits the declarations of a router and doesn't depend on
// @latchkey/core, and `web` reads them.

const VERSIONS = { '@trpc/server': '11.25.2', '@trpc/client': '11.25.2', zod: '4.6.7' }
const COMPILERS = { typescript: '7.0.2', 'typescript-5': 'npm:typescript@5.9.3' }

const root = mkdtempSync(join(tmpdir(), 'latchkey-workspace-'))
let unreachable: RegistryUnreachable | null = null

beforeAll(async () => {
  const tarballs = await packPackages(join(root, 'packed'))
  try {
    await installWorkspace(root, tarballs, VERSIONS, COMPILERS)
  } catch (error) {
    if (!(error instanceof RegistryUnreachable) || process.env.REQUIRE_SERVICES === '1') throw error
    unreachable = error
    console.warn(`SKIPPED: a workspace: npm's registry can't be reached\n${error.message}`)
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test.for(Object.keys(COMPILERS))(
  "M35 a router's declarations keep the session's type in a package that depends on @latchkey/trpc alone; %s",
  async (compiler, { skip }) => {
    skip(unreachable !== null, 'the registry is out of reach')
    for (const name of ['auth', 'api', 'web']) {
      expect(await compilePackage(root, name, compiler), name).toEqual({ code: 0, text: '' })
    }
    const declaration = readFileSync(join(root, 'packages/api/dist/index.d.ts'), 'utf8')
    expect(declaration).toContain('import("@latchkey/trpc").AuthRouter<')
    expect(declaration).not.toContain('@latchkey/core')
  },
)

test.for(Object.keys(COMPILERS))(
  'M35 where they name @latchkey/core nevertheless, the session is not any and says what is missing; %s',
  async (compiler, { skip }) => {
    skip(unreachable !== null, 'the registry is out of reach')
    for (const name of ['auth', 'careless']) {
      expect(await compilePackage(root, name, compiler), name).toEqual({ code: 0, text: '' })
    }
    const { code, text } = await compilePackage(root, 'lost', compiler, { skipLibCheck: true })
    expect(text).toMatch(/Property 'user' does not exist on type '"add @latchkey\/core to the dependencies/)
    expect(code).not.toBe(0)
  },
)
