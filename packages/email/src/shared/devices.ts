import type { PluginEngine, Table } from '@latchkey/core'
import { DEVICE_MAX_AGE } from './browser.ts'
import type { DeviceSpec } from './tables.ts'

/** A browser or app, and the address of the person who may use it. */
export interface Device {
  readonly browser: string
  readonly email: string
}

export interface DeviceEngine extends Pick<PluginEngine, 'hash' | 'clock'> {
  readonly tables: { readonly devices: Table<DeviceSpec> }
}

/** What a device is stored and counted under. */
export async function deviceKey({ hash }: Pick<PluginEngine, 'hash'>, { browser, email }: Device): Promise<string> {
  return hash(`device ${browser} ${email}`)
}

/** Whether somebody has proven this address with this browser before. */
export async function isKnown(engine: DeviceEngine, device: Device): Promise<boolean> {
  const row = await engine.tables.devices.get({ key: await deviceKey(engine, device) })
  return row !== null && row.expires > engine.clock()
}

/** Notes that somebody has proven this address with this browser. */
export async function rememberDevice(engine: DeviceEngine, device: Device): Promise<void> {
  const { devices } = engine.tables
  const key = await deviceKey(engine, device)
  const expires = new Date(engine.clock().getTime() + DEVICE_MAX_AGE * 1_000)
  if (!(await devices.insert({ key, expires }))) await devices.update({ key }, { expires })
}
