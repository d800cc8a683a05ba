import { spawn } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createTRPCClient, httpBatchStreamLink, httpLink } from '@trpc/client'
import { expect, onTestFinished, test } from 'vitest'
import { bundleFor, installRuntime } from './install.ts'
import type { WorkerRouter } from './worker-app.ts'

const ORIGIN = 'https://app.test'

/** Cloudflare's own runtime, on a port of its choice, with the app and its environment. */
async function startWorkerd(environment: Readonly<Record<string, string>>): Promise<string | null> {
  const folder = await installRuntime('workerd', '1.20261117.1')
  if (folder === null) return null
  await bundleFor('worker-app.ts', join(folder, 'worker.mjs'), ['workerd', 'worker'])
  const bindings = Object.entries(environment).map(([name, text]) => `(name = "${name}", text = "${text}")`)
  writeFileSync(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "app", worker = .app)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "app")]
);
const app :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2025-09-01",
  bindings = [${bindings.join(', ')}]
);`,
  )
  const [platform = ''] = readdirSync(join(folder, 'node_modules/@cloudflare'))
  const program = join(folder, 'node_modules/@cloudflare', platform, 'bin/workerd')
  const child = spawn(program, ['serve', 'config.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  })
  onTestFinished(() => void child.kill())
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`workerd ended with ${code}`)))
    const control = child.stdio[3] as Readable // a pipe that it writes to
    control.on('data', (chunk: Buffer) => {
      const port = /"event":"listen".*"port":(\d+)/.exec(String(chunk))?.[1]
      if (port) resolve(`http://127.0.0.1:${port}`)
    })
  })
}

test('M39 M36 in workerd a guarded mutation with input runs over httpBatchStreamLink, with an environment that comes with the request', async ({
  skip,
}) => {
  const url = await startWorkerd({ AUTH_SECRET: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa', AUTH_URL: ORIGIN })
  if (url === null) return skip('workerd could not be installed')
  let cookie = ''
  const options = {
    url: `${url}/trpc`,
    headers: () => ({ origin: ORIGIN, cookie }),
    fetch: async (input: string | URL | Request, init?: object) => {
      const response = await fetch(input, init)
      cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
      return response
    },
  }
  const single = createTRPCClient<WorkerRouter>({ links: [httpLink(options)] })
  const streamed = createTRPCClient<WorkerRouter>({ links: [httpBatchStreamLink(options)] })
  expect(await streamed.echo.mutate('hello')).toBe('hello')
  expect(await single.auth.signIn.mutate({ provider: 'credentials', name: 'ada' })).toMatchObject({
    status: 'signedIn',
  })
  expect(cookie).toMatch(/^__Host-/)
  // The first call that brings this cookie has to wait for WebCrypto; tokens that were opened are remembered.
  const both = [streamed.rename.mutate({ title: 'b' }), streamed.rename.mutate({ title: 'c' })]
  expect(await Promise.all(both)).toEqual(['ada: b', 'ada: c'])
  expect(await single.rename.mutate({ title: 'a' })).toBe('ada: a')
  // And what sets a cookie says why it can't, instead of what became of the body.
  await expect(streamed.auth.signIn.mutate({ provider: 'credentials', name: 'eve' })).rejects.toMatchObject({
    data: { kind: 'ResponseCommitted' },
  })
  // What a bus carries is sealed with WebCrypto here, which takes a moment.
  const signedIn = cookie
  const isKnownElsewhere = async () => {
    const response = await fetch(`${url}/other/session`, { headers: { cookie: signedIn } })
    return (await response.text()).includes('ada')
  }
  expect(await isKnownElsewhere()).toBe(true)
  await single.auth.signOut.mutate()
  await expect.poll(isKnownElsewhere).toBe(false)
  cookie = ''
  await expect(streamed.rename.mutate({ title: 'd' })).rejects.toMatchObject({ data: { kind: 'SessionRequired' } })
}, 300_000)
