import type { Call } from '@latchkey/core'
import type { Shared } from './shared.ts'
import type { SecretRow } from './tables.ts'

/** The cookie of a remembered device, and what its value is sealed for. */
const DEVICE = 'device'

/** Remembers the browser for this user and this enrolment. A client that keeps tokens has no cookies. */
export async function rememberDevice(
  { settings, engine }: Shared,
  call: Pick<Call, 'flow' | 'setCookie'>,
  { user, enrolment }: SecretRow,
): Promise<void> {
  const { remember: maxAge } = settings
  if (maxAge === null || call.flow === 'token') return
  call.setCookie(DEVICE, await engine.seal(DEVICE, { user, enrolment }, maxAge), { maxAge })
}

/** Whether the browser is remembered for this enrolment: whoever disables the second factor, or sets it up again, ends that for all devices. */
export async function isRemembered(
  { settings, engine }: Shared,
  call: Pick<Call, 'cookie'>,
  { user, enrolment }: SecretRow,
): Promise<boolean> {
  const value = settings.remember === null ? null : call.cookie(DEVICE)
  const device = value === null ? null : await engine.unseal(DEVICE, value)
  return device !== null && device.user === user && device.enrolment === enrolment
}
