import type { Call } from '@latchkey/core'
import { type Device, type DeviceEngine, deviceKey, isKnown } from './devices.ts'
import type { SendRules } from './settings.ts'

/**
 * Counts a mail that a client asks for. Requests of a device that is known count for this device alone, so that strangers can't use up what its
 * person needs.
 *
 * @throws AuthError `RateLimited`
 */
export async function countSend(
  engine: DeviceEngine,
  { limit, address }: Pick<Call, 'limit' | 'address'>,
  device: Device,
  rules: SendRules,
): Promise<void> {
  const { email } = device
  if (await isKnown(engine, device))
    return limit({ what: 'device', whom: await deviceKey(engine, device), ...rules.perDevice })
  // From the narrowest to the widest: what one client may not do any more uses up nothing of everybody's.
  if (address !== null) {
    // The address of a client is counted by its network only as `whom`.
    await limit({ what: `client for ${email}`, whom: address, ...rules.perAddressAndClient })
    await limit({ what: 'client', whom: address, ...rules.perClient })
  }
  await limit({ what: 'address', whom: email, ...rules.perAddress })
  await limit({ what: 'total', whom: null, ...rules.total })
}
