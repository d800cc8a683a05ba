import { auditRouter, formatAudit } from '@latchkey/trpc'
import { initTRPC, lazy } from '@trpc/server'
import { expect, test } from 'vitest'
import { createApp, type Engine, openEngine } from './support/app.ts'

type Context = ReturnType<Engine['kit']['authContext']>

async function openKit() {
  const { kit } = await openEngine()
  return {
    kit,
    t: initTRPC
      .context<Context>()
      .meta<{ note?: string }>()
      .create({ defaultMeta: { note: 'of the app' } }),
  }
}

test('what each kind of guard asks for is read back from the procedure', async () => {
  const { kit, t } = await openKit()
  const audit = auditRouter(
    t.router({
      open: t.procedure.query(() => 1),
      signedIn: t.procedure.concat(kit.protectedProcedure).query(() => 1),
      role: t.procedure.concat(kit.requireRole('admin', 'member')).mutation(() => 1),
      claim: t.procedure.concat(kit.requireClaim('org', 'acme')).query(() => 1),
      predicate: t.procedure.concat(kit.requireClaim('org', () => true)).query(() => 1),
      condition: t.procedure.concat(kit.requireCondition('office hours', () => true)).query(() => 1),
      scope: t.procedure.concat(kit.requireScope('posts:read')).query(() => 1),
      factor: t.procedure.concat(kit.requireFactor('mfa')).query(() => 1),
      fresh: t.procedure.concat(kit.requireFresh({ maxAge: '5m' })).query(() => 1),
    }),
  )
  const guarded = { access: 'authenticated' }
  expect(audit).toEqual([
    { path: 'claim', type: 'query', ...guarded, claims: [{ key: 'org', value: 'acme' }] },
    { path: 'condition', type: 'query', ...guarded, conditions: ['office hours'] },
    { path: 'factor', type: 'query', ...guarded, factors: ['mfa'] },
    { path: 'fresh', type: 'query', ...guarded, fresh: 300 },
    { path: 'open', type: 'query', access: 'public' },
    { path: 'predicate', type: 'query', ...guarded, claims: [{ key: 'org' }] },
    { path: 'role', type: 'mutation', ...guarded, roles: [['admin', 'member']] },
    { path: 'scope', type: 'query', ...guarded, scopes: ['posts:read'] },
    { path: 'signedIn', type: 'query', ...guarded },
  ])
})

test('H4 several guards on one procedure are all there, and the meta of the app beside them', async () => {
  const { kit, t } = await openKit()
  const procedure = t.procedure
    .concat(kit.requireRole('member'))
    .meta({ note: 'mine' })
    .concat(kit.requireRole('admin'))
    .concat(kit.requireClaim('org', 'acme'))
    .concat(kit.requireClaim('orgId', 'o_1'))
    .concat(kit.requireFresh({ maxAge: '5m' }))
    .concat(kit.requireFresh({ maxAge: '1m' }))
    .query(() => 1)
  expect(auditRouter(t.router({ procedure }))).toEqual([
    {
      path: 'procedure',
      type: 'query',
      access: 'authenticated',
      roles: [['member'], ['admin']],
      claims: [
        { key: 'org', value: 'acme' },
        { key: 'orgId', value: 'o_1' },
      ],
      fresh: 60,
    },
  ])
  expect(procedure.meta).toMatchObject({ note: 'mine' })
})

test('guards in their use() form count too, though tRPC writes no meta for them', async () => {
  const { kit, t } = await openKit()
  const router = t.router({
    used: t.procedure
      .use(kit.requireRole.middleware('admin'))
      .use(kit.requireFresh.middleware())
      .query(() => 1),
    session: t.procedure.use(kit.protectedMiddleware).query(() => 1),
  })
  expect(auditRouter(router)).toEqual([
    { path: 'session', type: 'query', access: 'authenticated' },
    { path: 'used', type: 'query', access: 'authenticated', roles: [['admin']], fresh: 600 },
  ])
})

test('a lazy router that is not loaded yet is named, not passed over', async () => {
  const { kit, t } = await openKit()
  const posts = t.router({ create: t.procedure.concat(kit.protectedProcedure).mutation(() => 1) })
  const router = t.router({ posts: lazy(async () => posts), open: t.procedure.query(() => 1) })
  expect(auditRouter(router)).toEqual([
    { path: 'open', type: 'query', access: 'public' },
    { path: 'posts.*', type: 'unknown', access: 'unknown' },
  ])
  const { auth } = kit.authContext({ headers: {} })
  await router
    .createCaller({ auth })
    .posts.create()
    .catch(() => {})
  expect(auditRouter(router)).toContainEqual({ path: 'posts.create', type: 'mutation', access: 'authenticated' })
})

test('as text it is one line a procedure', async () => {
  const { kit, t } = await openKit()
  const router = t.router({
    open: t.procedure.query(() => 1),
    post: t.router({
      remove: t.procedure
        .concat(kit.requireRole('admin', 'member'))
        .concat(kit.requireClaim('org', 'acme'))
        .concat(kit.requireCondition('own post', () => true))
        .concat(kit.requireFresh())
        .mutation(() => 1),
    }),
  })
  expect(formatAudit(auditRouter(router)).split('\n')).toEqual([
    'open         query         public',
    'post.remove  mutation      authenticated, role admin | member, claim org = "acme", condition own post, signed in within 600 s',
  ])
  expect(formatAudit([])).toBe('')
})

test('our own procedures are part of it', async () => {
  const audit = auditRouter(createApp(await openEngine()).router)
  expect(audit.filter(({ path }) => path.startsWith('auth.sessions'))).toEqual([
    { path: 'auth.sessions.list', type: 'query', access: 'authenticated' },
    { path: 'auth.sessions.revoke', type: 'mutation', access: 'authenticated' },
    { path: 'auth.sessions.revokeOthers', type: 'mutation', access: 'authenticated' },
  ])
})
