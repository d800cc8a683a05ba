import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installPackages, RegistryUnreachable } from '../consumer/support/install.ts'
import { packPackages } from '../consumer/support/pack.ts'
import { readBlocks } from '../docs/support/blocks.ts'
import { isCode } from '../docs/support/compile.ts'
import { ROOT } from '../docs/support/pages.ts'
import { createVisitor } from './support/visitor.ts'
import { buildNext, startNext } from './support/next.ts'

// docs/nextjs.md is an app: its own blocks, built and started. What the page leaves to the app is in test/docs/pages/docs/nextjs.

const VERSIONS = {
  next: '16.4.6',
  react: '19.3.1',
  'react-dom': '19.3.1',
  '@trpc/server': '11.25.2',
  '@trpc/client': '11.25.2',
  superjson: '2.2.6',
  zod: '4.6.7',
  typescript: '5.9.3',
  '@types/node': '20.19.39',
  '@types/react': '19.3.0',
}
const SECRET = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'

const app = mkdtempSync(join(tmpdir(), 'latchkey-next-'))
let unreachable: RegistryUnreachable | null = null

beforeAll(async () => {
  cpSync(join(ROOT, 'test/docs/pages/docs/nextjs'), app, { recursive: true })
  for (const block of readBlocks('docs/nextjs.md').filter(isCode)) {
    if (!block.file) throw new Error(`docs/nextjs.md:${block.line} is no whole file`)
    mkdirSync(dirname(join(app, block.file)), { recursive: true })
    writeFileSync(join(app, block.file), block.code)
  }
  const tarballs = await packPackages(join(app, 'packed'))
  try {
    await installPackages(
      app,
      tarballs.filter(({ name }) => !name.endsWith('/kysely')),
      VERSIONS,
    )
  } catch (error) {
    if (!(error instanceof RegistryUnreachable) || process.env.REQUIRE_SERVICES === '1') throw error
    unreachable = error
    console.warn(`SKIPPED: the app of docs/nextjs.md: npm's registry can't be reached\n${error.message}`)
  }
})
afterAll(() => rmSync(app, { recursive: true, force: true }))

test('M45 the app of docs/nextjs.md is built without secrets', async ({ skip }) => {
  skip(unreachable !== null, 'the registry is out of reach')
  const { code, text } = await buildNext(app)
  expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('/sign-in') })
})

test('M45 one signs in, reads, writes and signs out in it, in all bundles at once', async ({ skip }) => {
  skip(unreachable !== null, 'the registry is out of reach')
  const server = await startNext(app, { AUTH_SECRET: SECRET })
  const ada = createVisitor(server.url)

  expect(await ada.get('/')).toMatchObject({ status: 307, location: '/sign-in' })
  const credentials = { email: 'ada@example.com', password: 'wrong' }
  const refused = await ada.submit('/sign-in', 'Sign in', credentials)
  expect(refused.html).toContain('do not belong together')
  expect(ada.cookie()).toBe('')

  const entered = await ada.submit('/sign-in', 'Sign in', { ...credentials, password: 'right' })
  expect(entered).toMatchObject({ status: 303, location: '/' })
  const page = await ada.get('/')
  expect(page.html).toContain('Hello ada@example.com')
  expect(page.html).toContain('member of acme')

  // A server action writes, and the page that is rendered behind it in the same response has it.
  const switched = await ada.submit('/', 'Switch', { org: 'harbour' })
  expect(switched.html).toContain('member of harbour')
  expect((await ada.get('/')).html).toContain('member of harbour')
  expect((await ada.get('/trpc/whoami')).html).toContain('"org":"harbour"')
  expect((await ada.get('/auth/session')).html).toContain('"org":"harbour"')

  // A copy of the cookie is dead in the bundles that didn't sign out, too.
  const copy = createVisitor(server.url, ada.cookie())
  expect(await ada.submit('/', 'Sign out', {})).toMatchObject({ status: 303, location: '/sign-in' })
  // The device stays known: its counter of guesses is its own.
  expect(ada.cookie()).toMatch(/^latchkey\.device=[^;]+$/)
  expect(await copy.get('/trpc/whoami')).toMatchObject({ status: 401, html: expect.stringContaining('SessionRevoked') })
  expect(await copy.get('/')).toMatchObject({ status: 307, location: '/sign-in' })
  expect(server.output()).not.toMatch(/error/i)
})

test('M45 a server without a secret says what is missing', async ({ skip }) => {
  skip(unreachable !== null, 'the registry is out of reach')
  const server = await startNext(app, {})
  expect((await createVisitor(server.url).get('/')).status).toBe(500)
  await expect.poll(server.output).toMatch(/secret: /)
})
