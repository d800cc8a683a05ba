import type { UserRow, Ways } from '@latchkey/core'

interface Users {
  readonly getUser: (id: string) => UserRow | null | PromiseLike<UserRow | null>
}

/** Whoever has proven an address can sign in with it. There is nothing to remove: whoever takes the account over has the address. */
export function emailWay(store: Users, id: string): Ways {
  return {
    list: async (userId) => {
      const user = await store.getUser(userId)
      if (!user?.email || !user.emailVerified) return []
      return [{ id, type: 'email', name: user.email, createdAt: user.emailVerified }]
    },
    removeAll: async () => {},
  }
}
