export interface Limit {
  readonly max: number
  /** Milliseconds. */
  readonly window: number
}
