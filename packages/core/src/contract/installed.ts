import type { Awaitable } from '../internal/types.ts'
import type { CredentialSource } from './credential.ts'
import type { Endpoint } from './endpoint.ts'
import type { Factor } from './factor.ts'
import type { Operations } from './operation.ts'
import type { Ways } from './plugin.ts'

/** What all plug-ins together add to the engine. */
export interface Installed {
  /** Each plug-in's under its id. */
  readonly operations: Operations
  /** The plug-in of each provider that a plug-in brings, by the provider's id. */
  readonly providers: ReadonlyMap<string, string>
  readonly factors: ReadonlyMap<string, OfPlugin<Factor>>
  /** In the order in which they are looked for. */
  readonly credentials: readonly OfPlugin<CredentialSource>[]
  /** By method and address relative to `basePath`: `GET github/callback`. */
  readonly endpoints: ReadonlyMap<string, OfPlugin<Endpoint>>
  /** By the plug-in's id. */
  readonly ways: ReadonlyMap<string, Ways>
  /** What each plug-in keeps of a user, by the plug-in's id. */
  readonly exports: ReadonlyMap<string, (userId: string) => Awaitable<Readonly<Record<string, unknown>>>>
  /** Functions for the server alone, of all plug-ins. */
  readonly accounts: Readonly<Record<string, unknown>>
}

/** A part as its plug-in has made it, perhaps of a class: its methods are called on it. */
export interface OfPlugin<TPart> {
  /** The id of the plug-in that brings it. */
  readonly plugin: string
  readonly part: TPart
}
