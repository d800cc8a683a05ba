import type { InBackground, PluginEngine, ProvenAddress } from '@latchkey/core'
import { rememberDevice } from '../shared/devices.ts'
import type { LinkMessage } from '../shared/messages.ts'
import type { MailSettings } from '../shared/settings.ts'
import type { LinkRow, Tables } from './tables.ts'

/** What the functions of this folder share. */
export interface Shared {
  readonly settings: MailSettings<LinkMessage> & {
    readonly signUp: boolean
    /** The app's own page for links; null: the one of this package. */
    readonly page: string | null
  }
  readonly engine: PluginEngine<{}, 'MagicLinkElsewhere' | 'MagicLinkExpired', 'getUserByEmail'> & {
    readonly tables: Tables
  }
  readonly inBackground: InBackground
}

type Hash = Pick<PluginEngine, 'hash'>

/** What a row is found by: the browser or app that waits. */
export async function browserKey({ hash }: Hash, browser: string): Promise<string> {
  return hash(`browser ${browser}`)
}

/** The only form in which the token of a link is stored. */
export async function tokenKey({ hash }: Hash, token: string): Promise<string> {
  return hash(`token ${token}`)
}

export interface CodeOfLink {
  readonly browser: string
  readonly id: string
  readonly code: string
}

/** Bound to the browser's secret, which nothing stores: without it, the few codes that there are can't be tried against the digest. */
export async function codeKey({ hash }: Hash, { browser, id, code }: CodeOfLink): Promise<string> {
  return hash(`code ${browser} ${id} ${code}`)
}

/** The digits that belong to a token: whoever has the link can work them out, and nobody else. */
export async function codeOf({ hash }: Hash, token: string, digits: number): Promise<string> {
  const letters = await hash(`digits ${token}`)
  // 48 bits: that 10 ** digits isn't a power of two changes the chance of a code by less than one in 10,000.
  const number = Number.parseInt(
    Array.from(atob(letters.slice(0, 8).replaceAll('-', '+').replaceAll('_', '/')), (byte) =>
      byte.charCodeAt(0).toString(16).padStart(2, '0'),
    ).join(''),
    16,
  )
  return String(number % 10 ** digits).padStart(digits, '0')
}

/** What somebody has shown who used the link or its code in this browser. */
export function toProven({ settings, engine }: Shared, browser: string, { email }: LinkRow): ProvenAddress {
  return {
    email,
    create: settings.signUp ? {} : null,
    belongings: async () => rememberDevice(engine, { browser, email }),
  }
}
