import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ADA, BEN, openServer, openStranger } from './support.ts'

const FOUR_SECONDS = 4_200

describe('the command line', () => {
  test('T1: signs in, calls, and signs out', async () => {
    const { run, signIn } = await openServer()
    expect(await run('whoami')).toMatchObject({ code: 1, errors: 'Nobody is signed in: sign-in EMAIL.\n' })
    expect(await signIn(ADA)).toEqual({ code: 0, output: 'Signed in as Ada Lindqvist.\n', errors: '' })
    expect(await run('whoami')).toMatchObject({
      code: 0,
      output: expect.stringContaining('<ada@example.com>\nadmin, '),
    })
    expect((await run('members')).output).toContain(BEN.email)
    expect((await run('sessions')).output).toMatch(/^\* [0-9a-f-]{36} /)
    expect(await run('sign-out')).toMatchObject({ code: 0, output: 'Signed out.\n' })
    expect(await run('whoami')).toMatchObject({ code: 1, errors: 'Nobody is signed in: sign-in EMAIL.\n' })
  })

  test('a wrong password, a wrong command and no command say what to do', async () => {
    const { run, signIn } = await openServer()
    expect(await signIn({ ...ADA, password: 'wrong' })).toMatchObject({
      code: 1,
      errors: 'That e-mail and password do not belong together.\n',
    })
    expect(await run('--help')).toMatchObject({ code: 0, output: expect.stringContaining('Usage:') })
  })

  test('M43 what it is called with wrongly it names, in a sentence', async () => {
    const { run } = await openServer()
    expect(await run('help')).toMatchObject({ code: 0, errors: '' })
    for (const [args, sentence] of [
      [[], 'Say what to do.'],
      [['fly'], 'There is no command "fly".'],
      [['constructor'], 'There is no command "constructor".'],
      [['whoami', '--nowhere'], "Unknown option '--nowhere'."],
      [['whoami', '--url'], "Option '--url <value>' argument missing."],
    ] as const) {
      const { code, errors, output } = await run(...args)
      expect({ args, code, output, errors }).toMatchObject({ code: 2, output: '' })
      expect(errors).toMatch(new RegExp(`^${sentence.replaceAll(/[.?]/g, String.raw`\$&`)}\n\nUsage: `))
    }
    expect(await run('sign-in')).toMatchObject({ code: 2, errors: 'Say who signs in: sign-in EMAIL\n' })
    expect(await run('--url', 'nowhere', 'whoami')).toMatchObject({
      code: 2,
      errors: expect.stringContaining('nowhere'),
    })
  })

  test('M43 whatever is wrong is said in a sentence, without a stack trace', async () => {
    const { run, signIn, start, wire, file } = await openServer()
    expect(await signIn(ADA)).toMatchObject({ code: 0 })
    const elsewhere = await openStranger()
    const away = 'http://localhost:9'
    const under = join(file, 'tokens.json') // a folder that can't be: it is a file
    const failures = [
      await run('--url', away, 'whoami'),
      await run('--url', away, 'watch'),
      await run('--url', elsewhere, 'members'),
      await run('--file', under, 'sessions'),
      await start(['--file', under, 'sign-in', ADA.email], ADA.password).result,
      await start(['sign-in', 'not an address'], 'x').result,
      await start(['sign-in', ADA.email], '').result,
    ]
    wire.state.isDown = true
    failures.push(await run('sign-out'), await run('watch'))
    for (const { code, output, errors } of failures) {
      expect({ code, output, errors }).toMatchObject({ code: 1, output: '' })
      expect(errors).toMatch(/^[A-Z][^\n]{10,}\.\n$/)
    }
    expect(failures[0]?.errors).toContain(`Nothing answers at ${away}. Start the demo with npm run demo`)
    expect(failures[2]?.errors).toBe(`What answers at ${elsewhere} is not the demo.\n`)
    expect(failures[3]?.errors).toContain(under)
    expect(await readdir(dirname(file))).toEqual(['tokens.json'])
  })

  test('M43 who stops reading its output sees no error', async () => {
    const { signIn, start } = await openServer()
    await signIn(ADA)
    const { child, result } = start(['members'])
    child.stdout.destroy()
    expect(await result).toMatchObject({ code: 0, errors: '' })
  })

  test('a password never travels to another machine in the clear', async () => {
    const { start } = await openServer()
    const { result } = start(['--url', 'http://demo.example.com', 'whoami'])
    expect(await result).toMatchObject({
      code: 2,
      errors: 'http://demo.example.com: use https, for anything but this machine\n',
    })
  })
})

describe('the file of the tokens', () => {
  test('is readable by its owner only, as is its folder, and nothing else is left there', async () => {
    const { signIn, file } = await openServer()
    await signIn(ADA)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(dirname(file))).mode & 0o777).toBe(0o700)
    expect(await readdir(dirname(file))).toEqual(['tokens.json'])
  })

  test('is gone after signing out', async () => {
    const { signIn, run, file } = await openServer()
    await signIn(ADA)
    await run('sign-out')
    expect(await readdir(dirname(file))).toEqual([])
  })

  test('that others can read is refused, with the fix', async () => {
    const { signIn, run, file } = await openServer()
    await signIn(ADA)
    await chmod(file, 0o644)
    const { code, errors } = await run('whoami')
    expect(code).toBe(1)
    expect(errors).toContain(`chmod 600 ${file}`)
    await chmod(file, 0o600)
    expect((await run('whoami')).code).toBe(0)
  })

  test('that is a link, or damaged, is refused', async () => {
    const { run, file } = await openServer()
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.target`, '{}', { mode: 0o600 })
    await symlink(`${file}.target`, file)
    expect((await run('whoami')).errors).toContain('is no plain file')
    await writeFile(`${file}.broken`, '{"half', { mode: 0o600 })
    const broken = ['--file', `${file}.broken`, 'whoami']
    expect((await run(...broken)).errors).toContain('is damaged: delete it')
  })

  test('keeps each server’s tokens apart', async () => {
    const [one, other] = [await openServer(), await openServer()]
    await one.signIn(ADA)
    const tokens = await readFile(one.file, 'utf8')
    expect(Object.keys(JSON.parse(tokens) as object)).toEqual([one.wire.url])
    const { result } = other.start(['--file', one.file, 'whoami'])
    expect((await result).errors).toBe('Nobody is signed in: sign-in EMAIL.\n')
  })
})

describe('refreshing', () => {
  test('R9: ten processes at once with an expired access token refresh once, and all succeed', async () => {
    const { signIn, run, wire } = await openServer(4)
    await signIn(ADA)
    await new Promise((resolve) => setTimeout(resolve, FOUR_SECONDS))
    const results = await Promise.all(Array.from({ length: 10 }, () => run('whoami')))
    expect(results.map(({ code, errors }) => [code, errors])).toEqual(Array.from({ length: 10 }, () => [0, '']))
    expect(wire.count('auth.token')).toBe(1)
  })

  test('a process that was killed while it held the lock holds up nobody', async () => {
    const { signIn, run, file } = await openServer(4)
    await signIn(ADA)
    const killed = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const { pid } = killed
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    await writeFile(`${file}.lock`, String(pid), { mode: 0o600 })
    await new Promise((resolve) => setTimeout(resolve, FOUR_SECONDS))
    const results = await Promise.all(Array.from({ length: 4 }, () => run('whoami')))
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    expect(await readdir(dirname(file))).toEqual(['tokens.json'])
  })

  test('X03: a network that is down keeps the session', async () => {
    const { signIn, run, wire, file } = await openServer(4)
    await signIn(ADA)
    const before = await readFile(file, 'utf8')
    await new Promise((resolve) => setTimeout(resolve, FOUR_SECONDS))
    wire.state.isDown = true
    expect(await run('whoami')).toMatchObject({ code: 1, errors: expect.stringContaining('Nothing answers at ') })
    expect(await readFile(file, 'utf8')).toBe(before)
    wire.state.isDown = false
    expect((await run('whoami')).code).toBe(0)
  })

  test('R11: a session that was ended elsewhere is forgotten, and said so', async () => {
    const { signIn, run, start, file } = await openServer()
    const other = `${file}.other`
    await signIn(ADA)
    await start(['--file', other, 'sign-in', ADA.email], ADA.password).result
    await start(['--file', other, 'sign-out', '--everywhere']).result
    expect(await run('whoami')).toMatchObject({ code: 1, errors: 'The session was ended elsewhere: sign-in EMAIL.\n' })
    expect(await readdir(dirname(file))).toEqual([])
  })

  test('R11: also where the access token has expired meanwhile', async () => {
    const { signIn, run, start, file } = await openServer(4)
    const other = `${file}.other`
    await signIn(ADA)
    await start(['--file', other, 'sign-in', ADA.email], ADA.password).result
    await start(['--file', other, 'sign-out', '--everywhere']).result
    await new Promise((resolve) => setTimeout(resolve, FOUR_SECONDS))
    expect(await run('whoami')).toMatchObject({ code: 1, errors: 'The session was ended elsewhere: sign-in EMAIL.\n' })
  })
})

test('watch tells of the session, outlives its access token, and ends with it', async () => {
  const { signIn, start, run, wire } = await openServer(4)
  await signIn(BEN)
  const { child, result } = start(['watch'])
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
  await expect.poll(() => wire.count('auth.token'), { timeout: 20_000 }).toBeGreaterThan(0)
  await run('sign-out')
  const { code, output } = await result
  expect(code).toBe(0)
  expect(output).toMatch(/^Ben Okafor: member, .*\n(.*\n)*Signed out\.\n$/)
})
