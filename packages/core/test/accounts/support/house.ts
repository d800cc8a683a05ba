import {
  type AdapterUser,
  definePlugin,
  mutation,
  provider,
  query,
  signInMutation,
  type User,
  type Verified,
} from '@latchkey/core'
import { z } from 'zod'

/** What the plug-in keeps, by the user's id, so that it needs no tables and every store can be used. */
export interface House {
  readonly passwords: Map<string, string>
  readonly pins: Set<string>
  /** The owner of each key. */
  readonly keys: Map<string, string>
  /** What happens while everything of a user is removed. */
  duringRemoval: (userId: string) => Promise<void>
  /** What happens between the check of a password and its result. */
  afterCheck: () => Promise<void>
}

const email = z.string()

/** A plug-in with every kind of way in: a password, a proof by mail, two services, a second factor and keys. */
export function house(options: { readonly hasWays?: boolean } = {}) {
  const kept: House = {
    passwords: new Map(),
    pins: new Set(),
    keys: new Map(),
    duringRemoval: async () => {},
    afterCheck: async () => {},
  }
  const plugin = definePlugin({
    id: 'house',
    needs: ['getUser', 'getUserByEmail'],
    setup: (engine) => {
      const service = (id: string) =>
        provider({
          id,
          type: 'oauth',
          input: z.object({ sub: z.string(), email: email.optional(), verified: z.boolean().optional() }),
          begin: ({ sub, email: address, verified = false }): Verified => ({
            account: { provider: id, type: 'oauth', providerAccountId: sub, access_token: 'secret-of-the-service' },
            person: { email: address, name: `${id} ${sub}`, emailVerified: verified ? engine.clock() : null },
            profile: { sub },
            belongings: async (user) => void belongings.push([id, user.id]),
          }),
        })
      const belongings: (readonly [string, string])[] = []
      return {
        providers: [
          provider({
            id: 'password',
            input: z.object({ email, password: z.string() }),
            identify: null,
            begin: async ({ email: address, password }) => {
              const user = await engine.store.getUserByEmail(address)
              const isRight = user && kept.passwords.get(user.id) === password
              if (isRight) await kept.afterCheck()
              return isRight ? { user } : null
            },
          }),
          provider({
            id: 'mail',
            type: 'email',
            input: z.object({ email, code: z.string(), create: z.null().optional(), password: z.string().optional() }),
            begin: ({ email: address, code, create, password }): Verified | null => {
              if (code !== 'right') return null
              const set = async ({ id }: User) => void (password && kept.passwords.set(id, password))
              return { email: address, belongings: set, ...(create === null && { create }) }
            },
          }),
          service('github'),
          service('google'),
        ],
        credential: {
          find: (header) => header('x-key'),
          open: async (value) => {
            const user = await engine.store.getUser(kept.keys.get(value) ?? '')
            if (!user) throw engine.error('InvalidToken')
            return { user, id: value, scopes: [], expires: null }
          },
        },
        factors: { pin: { isDue: ({ user }) => kept.pins.has(user.id) } },
        operations: {
          signUp: signInMutation({
            input: z.object({ email, password: z.string() }),
            run: (call, { email: address, password }) =>
              call.signIn({
                create: { email: address },
                belongings: async ({ id }) => void kept.passwords.set(id, password),
              }),
          }),
          enterPin: signInMutation({
            input: z.object({ challenge: z.string() }),
            run: async (call, { challenge }) => call.finish(await call.pending(challenge), 'pin'),
          }),
          setPin: mutation({ access: 'session', run: ({ user }) => ({ set: Boolean(kept.pins.add(user.id)) }) }),
          addKey: mutation({
            access: 'session',
            run: ({ user }) => {
              const key = crypto.randomUUID()
              kept.keys.set(key, user.id)
              return { key }
            },
          }),
          caller: query({ access: 'caller', run: ({ user }) => ({ id: user.id }) }),
          link: mutation({
            access: 'fresh',
            input: z.object({ provider: z.string(), sub: z.string() }),
            run: async ({ user }, { provider: name, sub }) => {
              const account = { provider: name, type: 'oauth', providerAccountId: sub } as const
              await engine.link(user.id, account, { profile: { sub } })
              return { linked: true }
            },
          }),
          removePassword: mutation({
            access: 'fresh',
            run: async ({ user }) => {
              const password = kept.passwords.get(user.id) ?? ''
              await engine.requireOtherWay(user.id, 'password')
              kept.passwords.delete(user.id)
              try {
                await engine.requireOtherWay(user.id, 'password')
              } catch (error) {
                kept.passwords.set(user.id, password)
                throw error
              }
              return { removed: true }
            },
          }),
          rename: mutation({
            access: 'session',
            input: z.object({ email }),
            run: async ({ user }, fields) => ({ user: await engine.updateUser({ ...fields, id: user.id }) }),
          }),
          endAll: mutation({
            access: 'session',
            run: async ({ user }) => {
              await engine.endSessions(user.id)
              return { ended: true }
            },
          }),
          /** Which belongings were written, in order. */
          belongings: query({ access: 'session', run: () => belongings }),
        },
        ...(options.hasWays !== false && {
          ways: {
            list: (userId: string) =>
              kept.passwords.has(userId) ? [{ id: 'password', type: 'password', name: null, createdAt: null }] : [],
            removeAll: async (userId: string) => {
              await kept.duringRemoval(userId)
              kept.passwords.delete(userId)
              kept.pins.delete(userId)
              for (const [key, owner] of kept.keys) if (owner === userId) kept.keys.delete(key)
            },
          },
        }),
        exports: (userId: string) => ({ keys: [...kept.keys.values()].filter((owner) => owner === userId).length }),
        accounts: { nameOf: async (userId: string) => (await engine.store.getUser(userId))?.name ?? null },
      }
    },
  })
  return { plugin, kept }
}

/** Nobody else's address. */
export function newAddress(): string {
  return `ann-${crypto.randomUUID()}@example.com`
}

/** As a row says it. */
export function isVerified(user: Pick<AdapterUser, 'emailVerified'> | null): boolean {
  return user?.emailVerified instanceof Date
}
