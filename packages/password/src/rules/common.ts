import { normalizePassword } from './normalize.ts'

/** Whether a password is one of those that attackers try first, whatever the case of its letters. */
export async function isCommon(password: string): Promise<boolean> {
  list ??= readList()
  return (await list).has(normalizePassword(password).toLowerCase())
}

let list: Promise<ReadonlySet<string>> | undefined

/** Loaded with the first password that is set: 46 kB that a server which signs people in doesn't need. */
async function readList(): Promise<ReadonlySet<string>> {
  const { COMMON_PASSWORDS } = await import('./common-passwords.ts')
  return new Set(COMMON_PASSWORDS.trim().split(/\s+/))
}
