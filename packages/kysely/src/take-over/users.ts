import type { AdapterUser, CompleteAdapter } from '@latchkey/core'
import { toEmailKey } from '../rows/text.ts'
import { copyUser } from './copy-user.ts'
import type { Shared } from './shared.ts'

type UserMethods = Pick<CompleteAdapter, 'createUser' | 'getUser' | 'getUserByEmail' | 'updateUser' | 'deleteUser'>

/** The old table is written first: if the second write fails, the next look-up copies the row. */
export function userMethods(shared: Shared): UserMethods {
  const { base, users } = shared
  const getUser = (id: string) => readUser(shared, id)
  return {
    getUser,
    getUserByEmail: (email) => findByEmail(shared, email),
    createUser: async (user) => {
      await users.insert(user)
      try {
        return await base.createUser(user)
      } catch (error) {
        // Our table refuses what theirs took, such as an address that differs by case only: then nobody was created.
        await users.remove(user.id)
        throw error
      }
    },
    updateUser: async (user) => {
      if (!(await getUser(user.id))) throw new Error('there is no user with this id')
      const owner = typeof user.email === 'string' ? await findByEmail(shared, user.email) : null
      if (owner && owner.id !== user.id) throw new Error('another user has this e-mail address')
      await users.update(user)
      return base.updateUser(user)
    },
    deleteUser: async (id) => {
      await users.remove(id)
      await base.deleteUser(id)
    },
  }
}

/** The user as the stage says: the old table decides, or ours, into which whoever is missing is copied. */
export async function readUser(shared: Shared, id: string): Promise<AdapterUser | null> {
  const ours = shared.stage === 'moved' ? await shared.base.getUser(id) : null
  return ours ?? (await copyUser(shared, id))?.user ?? null
}

async function findByEmail(shared: Shared, email: string): Promise<AdapterUser | null> {
  const isMeant = (user: AdapterUser | null) => user?.email && toEmailKey(user.email) === toEmailKey(email)
  // Ours is searched first: it has an index that ignores case.
  const ours = await shared.base.getUserByEmail(email)
  if (ours && shared.stage === 'moved') return ours
  const fresh = ours && (await readUser(shared, ours.id))
  if (isMeant(fresh)) return fresh
  const theirs = await shared.users.byEmail(email)
  const copied = theirs && (await readUser(shared, theirs.id))
  return isMeant(copied) ? copied : null
}
