import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { main } from '../src/main.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'latchkey-cli-'))
  // The app's packages are the workspace's.
  await symlink(join(import.meta.dirname, '../../../node_modules'), join(cwd, 'node_modules'))
  onTestFinished(() => rm(cwd, { recursive: true }))
})

async function run(...args: readonly string[]) {
  const out: string[] = []
  const errors: string[] = []
  const code = await main(args, {
    cwd,
    print: (line) => void out.push(line),
    printError: (line) => void errors.push(line),
  })
  return { code, out: out.join('\n'), errors: errors.join('\n') }
}

const SCHEMA = 'generator client {\n  provider = "prisma-client"\n}\n\ndatasource db {\n  provider = "postgresql"\n}\n'

async function writeSchema(text: string, path = 'prisma/schema.prisma'): Promise<void> {
  await mkdir(join(cwd, path, '..'), { recursive: true })
  await writeFile(join(cwd, path), text)
}

const read = (path = 'prisma/schema.prisma') => readFile(join(cwd, path), 'utf8')
const models = (text: string) => [...text.matchAll(/^model (\w+)/gm)].map(([, name]) => name)

describe('latchkey secret', () => {
  test('prints 33 random bytes in base64, another one each time', async () => {
    const [one, two] = [await run('secret'), await run('secret')]
    expect(one).toMatchObject({ code: 0, errors: '' })
    expect(one.out).toMatch(/^[A-Za-z0-9+/]{44}$/)
    expect(Buffer.from(one.out, 'base64')).toHaveLength(33)
    expect(one.out).not.toBe(two.out)
  })
})

describe('latchkey generate prisma', () => {
  test('adds the models of the tables to the schema, and has nothing to do the second time', async () => {
    await writeSchema(SCHEMA)
    expect(await run('generate', 'prisma', '--check')).toMatchObject({ code: 1 })
    expect(await run('generate', 'prisma')).toMatchObject({ code: 0, out: expect.stringContaining('wrote') })
    const written = await read()
    expect(written.startsWith(SCHEMA.trimEnd())).toBe(true)
    expect(models(written)).toEqual([
      'User',
      'Account',
      'Session',
      'VerificationToken',
      'LatchkeyChallenges',
      'LatchkeyMigration',
    ])
    expect(await run('generate', 'prisma')).toMatchObject({ code: 0, out: expect.stringContaining('already') })
    expect(await read()).toBe(written)
    expect(await run('generate', 'prisma', '--check')).toMatchObject({ code: 0 })
  })

  test('adds the tables of the plug-ins that are named, whatever order', async () => {
    await writeSchema(SCHEMA)
    await run('generate', 'prisma', '--plugins', 'password')
    await run('generate', 'prisma', '--plugins', 'totp, password')
    const written = await read()
    expect(models(written)).toEqual(expect.arrayContaining(['PasswordHashes', 'TotpSecrets', 'LatchkeyMigrationTotp']))
    expect(written.match(/^ {2}totpSecrets +TotpSecrets\[\]$/gm)).toHaveLength(1)
    expect(written.match(/^ {2}passwordHashes +PasswordHashes\[\]$/gm)).toHaveLength(1)
  })

  test('takes the plug-ins of a module of the app', async () => {
    await writeSchema(SCHEMA)
    const code = `import { integer, table, user } from '@latchkey/core'
      const uses = table({ owner: user(), invitedBy: user(), count: integer() }, { unique: [['owner']] })
      export const plugins = [{ id: 'key', tables: { uses } }]`
    await writeFile(join(cwd, 'plugins.mjs'), code)
    expect(await run('generate', 'prisma', '--plugins', './plugins.mjs')).toMatchObject({ code: 0, errors: '' })
    const written = await read()
    // Two relations between the same models need names.
    expect(written).toMatch(/keyUsesOwner +KeyUses\[\] +@relation\("key_uses_fkey_1_1"\)/)
    expect(written).toMatch(/invitedBy +User +@relation\("key_uses_fkey_1_2", fields: \[invitedById\]/)
  })

  test('leaves the app’s own models, fields, names, comments and formatting alone', async () => {
    const own = `${SCHEMA}
/// A person.
model Person {
  id    String @id @default(cuid()) // ours
  email String?   @db.Text
  role  String @default("member")
  posts Post[]

  @@index([role])
  @@map("users")
}

model Post {
  id       Int    @id
  author   Person @relation(fields: [authorId], references: [id])
  authorId String
}
`
    await writeSchema(own)
    await run('generate', 'prisma')
    const written = await read()
    for (const line of own.split('\n')) expect(written.split('\n')).toContain(line)
    expect(written).toMatch(/^ {2}emailVerified BigInt\? @map\("email_verified"\)$/m)
    expect(written).toMatch(/^ {2}sessions Session\[\]$/m)
    expect(written).toMatch(/user +Person +@relation\(fields: \[userId\]/)
    await run('generate', 'prisma')
    expect(await read()).toBe(written)
  })

  test('completes a model that Prisma’s formatter has aligned, and repairs what was taken out', async () => {
    await writeSchema(SCHEMA)
    await run('generate', 'prisma')
    const written = await read()
    const changed = written
      .replace(/^(model Session \{)\n/m, '$1\n  device   String?\n')
      .replace(/^ {2}expires .*\n/m, '')
      .replace('  @@index([expires], map: "sessions_expires_index")\n', '')
      .replaceAll(' String ', '    String   ')
    await writeSchema(changed)
    expect(await run('generate', 'prisma', '--check')).toMatchObject({ code: 1 })
    await run('generate', 'prisma')
    const repaired = await read()
    expect(repaired).toContain('  device   String?\n')
    expect(repaired).toContain('@@index([expires], map: "sessions_expires_index")')
    expect(repaired).toMatch(/^ {2}expires BigInt$/m)
  })

  test('in a schema of several files writes a file of its own, and completes models in the others', async () => {
    await writeSchema(SCHEMA, 'prisma/schema/base.prisma')
    await writeSchema('model User {\n  id String @id\n  @@map("users")\n}\n', 'prisma/schema/people/user.prisma')
    expect(await run('generate', 'prisma', '--schema', 'prisma/schema')).toMatchObject({ code: 0 })
    expect(models(await read('prisma/schema/latchkey.prisma'))).not.toContain('User')
    expect(await read('prisma/schema/people/user.prisma')).toContain('sessions Session[]')
    expect(await read('prisma/schema/base.prisma')).toBe(SCHEMA)
    expect(await run('generate', 'prisma', '--schema', 'prisma/schema', '--check')).toMatchObject({ code: 0 })
  })

  test('takes other names for the tables', async () => {
    await writeSchema(SCHEMA)
    await run('generate', 'prisma', '--tables', 'users=people,sessions=logins')
    expect(models(await read())).toEqual(expect.arrayContaining(['People', 'Logins', 'Account']))
  })
})

describe('what can be put right is said with the fix, and exits with 2', () => {
  test.each([
    { mistake: 'no schema', schema: null, args: [], says: /no Prisma schema.*--schema/ },
    { mistake: 'no datasource', schema: 'model A {\n  id Int @id\n}\n', args: [], says: /--provider postgresql/ },
    {
      mistake: 'another database',
      schema: SCHEMA.replace('postgresql', 'mongodb'),
      args: [],
      says: /mongodb is not supported/,
    },
    {
      mistake: 'an unknown plug-in',
      schema: SCHEMA,
      args: ['--plugins', 'pasword'],
      says: /no plug-in pasword. Known are password/,
    },
    {
      mistake: 'a module that is not there',
      schema: SCHEMA,
      args: ['--plugins', './plugins.js'],
      says: /no file \.\/plugins\.js/,
    },
    { mistake: 'an unknown option', schema: SCHEMA, args: ['--colour'], says: /--colour/ },
    {
      mistake: 'an unknown table',
      schema: SCHEMA,
      args: ['--tables', 'user=people'],
      says: /tables\.user: there is no such table/,
    },
    {
      mistake: 'a field of another type',
      schema: `${SCHEMA}model User {\n  id Int @id\n  @@map("users")\n}\n`,
      args: [],
      says: /User\.id is Int, and Latchkey's column id is String.*--tables users=/,
    },
    {
      mistake: 'a model of another table under the name',
      schema: `${SCHEMA}model Session {\n  id Int @id\n}\n`,
      args: [],
      says: /model AuthSession \{\n {2}@@map\("sessions"\)\n\}/,
    },
  ])('$mistake', async ({ schema, args, says }) => {
    if (schema !== null) await writeSchema(schema)
    const result = await run('generate', 'prisma', ...args)
    expect(result.code).toBe(2)
    expect(result.errors).toMatch(says)
    expect(result.errors).not.toContain('    at ')
    if (schema !== null) expect(await read()).toBe(schema)
  })

  test('a command that there is not', async () => {
    expect(await run('generate', 'drizzle')).toMatchObject({
      code: 2,
      errors: expect.stringContaining('latchkey --help'),
    })
    expect(await run()).toMatchObject({ code: 2, errors: expect.stringContaining('Usage') })
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('latchkey secret'), errors: '' })
  })

  test('the program itself exits with the code', async () => {
    const bin = join(import.meta.dirname, '../dist/bin.js')
    const { stdout } = await promisify(execFile)(process.execPath, [bin, 'secret'])
    expect(stdout).toMatch(/^\S{44}\n$/)
    const failing = promisify(execFile)(process.execPath, [bin, 'nothing'])
    await expect(failing).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('no command nothing') })
  })
})
