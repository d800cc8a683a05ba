import assert from 'node:assert/strict'
import { TRPCClientError } from '@trpc/client'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
import { createClient, createProgram } from './client.ts'
import { auth, migrate } from './server/auth.ts'
import { book, migrateNotes } from './server/notes.ts'
import { appRouter, type AppRouter } from './server/router.ts'
import { createContext } from './server/trpc.ts'

// A person's way through the app, over HTTP, with the packages as they are published.
await migrate()
const server = createHTTPServer({ router: appRouter, createContext })
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
assert(address && typeof address === 'object')

const { client, cookies } = createClient(`http://127.0.0.1:${address.port}`)
assert.equal(await client.auth.session.query(), null)
assert.equal(await kindOf(client.post.create.mutate({ title: 'No' })), 'SessionRequired')
assert.equal(await kindOf(signIn('ada@example.com', 'difference engine')), 'CredentialsSignin')

await signIn('bob@example.com', 'correct horse')
assert.deepEqual((await client.auth.session.query())?.roles, ['member'])
assert.equal(await kindOf(client.post.remove.mutate()), 'AccessDenied')
assert.equal(await kindOf(client.auth.updateSession.mutate({ orgId: 'o_2' })), 'AccessDenied')

const signedIn = await signIn('ada@example.com', 'analytical engine')
assert(signedIn.status === 'signedIn')
assert.equal(signedIn.session?.orgName, 'Acme')
assert(signedIn.session.expires instanceof Date)
assert.deepEqual(await client.post.remove.mutate(), ['member', 'admin'])
assert.deepEqual(await client.post.create.mutate({ title: 'Yes' }), { title: 'Yes', by: 'ada', in: 'o_1' })
assert.equal(await kindOf(client.globex.query()), 'AccessDenied')
const moved = await client.auth.updateSession.mutate({ orgId: 'o_2' })
assert(moved && 'orgName' in moved, 'a session is updated by its cookie, so tokens are not the answer')
assert.equal(moved.orgName, 'Globex')
assert.equal(await client.globex.query(), 'Globex')
assert.equal((await client.auth.sessions.list.query()).length, 1)

// A plug-in's table, in the same database.
assert.deepEqual(await migrateNotes(), ['book_001', 'book_002'])
const note = { id: 'a', owner: 'ada', text: 'first', views: 0, until: null }
assert.deepEqual([await book.insert(note), await book.insert(note)], [true, false])
assert.equal(await book.update({ id: 'a', views: 0 }, { views: 1 }), 1)
assert.deepEqual(await book.take({ owner: 'ada', text: 'first' }), { ...note, views: 1 })

// Plug-ins: the app's own, and a library's.
assert.equal(await client.auth.invitation.create.mutate({ code: 'c', team: 'red' }), true)
assert.deepEqual(await client.auth.invitation.accept.mutate({ code: 'c' }), { team: 'red', by: 'ada' })
assert.equal(await kindOf(client.auth.invitation.accept.mutate({ code: 'c' })), 'InvitationUsed')
const { key } = await client.auth.apiKey.create.mutate({ name: 'ci', scopes: ['posts:read'] })
const program = createProgram(`http://127.0.0.1:${address.port}`, key)
assert.equal(await program.posts.query(), 'ada by apiKey')
assert.equal(await client.posts.query(), 'ada by cookie')
assert.equal(await kindOf(program.auth.apiKey.list.query()), 'NotASession')
assert.equal(await kindOf(program.post.create.mutate({ title: 'No' })), 'NotASession')

const copy = new Map(cookies)
const header = [...copy].map(([name, value]) => `${name}=${value}`).join('; ')
const request = new Request('http://localhost:3000/', { headers: { cookie: header } })
assert.equal((await auth.getSession(request))?.user.id, 'ada')
await client.auth.signOut.mutate()
// What is left knows the device again, and nobody.
assert.deepEqual([...cookies.keys()], ['latchkey.device'])
assert.equal(await auth.getSession(request), null)

server.close()
server.closeAllConnections()
console.log('The journey of the packed packages succeeded.')

function signIn(email: string, password: string) {
  return client.auth.signIn.mutate({ provider: 'credentials', email, password })
}

async function kindOf(call: Promise<unknown>): Promise<string | null> {
  try {
    await call
  } catch (error) {
    if (error instanceof TRPCClientError) return (error as TRPCClientError<AppRouter>).data?.kind ?? error.message
    throw error
  }
  assert.fail('the call succeeded')
}
