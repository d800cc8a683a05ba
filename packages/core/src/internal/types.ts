/** A value, or a promise of one. */
export type Awaitable<T> = T | Promise<T>

/** Seconds, or a number with its unit: `'30s'`, `'15m'`, `'12h'`, `'30d'`. */
export type Duration = number | `${number}${'s' | 'm' | 'h' | 'd'}`

/** `T` with every level readonly, so that literals survive in what a callback returns. */
export type Immutable<T> = T extends (infer TItem)[]
  ? readonly Immutable<TItem>[]
  : T extends Date
    ? T
    : T extends object
      ? { readonly [K in keyof T]: Immutable<T[K]> }
      : T

/** Claims as they are read: writable, and each of them may be absent. */
export type Optional<T> = { -readonly [K in keyof T]?: T[K] }
