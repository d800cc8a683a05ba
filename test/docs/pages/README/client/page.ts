import { trpc } from './trpc.ts'

// What the quick start's client knows without being told: a yes and a no.
const session = await trpc.auth.session.query()
export const org: string | undefined = session?.claims.org
export const roles: readonly ('member' | 'admin')[] = session?.roles ?? []
// @ts-expect-error no such claim was declared
session?.claims.plan
