/** What superjson serialises to. */
export interface SuperjsonPayload {
  readonly json?: unknown
  readonly meta?: unknown
}

/** As much of superjson 2.2.3 and later as is used: its default export, or an instance of its class. */
export interface SuperjsonInstance {
  // Methods, so that superjson's narrower parameters fit.
  serialize(value: unknown): unknown
  deserialize(payload: SuperjsonPayload, options?: { readonly inPlace?: boolean }): unknown
}
