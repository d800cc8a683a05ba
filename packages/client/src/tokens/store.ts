import { isTokens, type Tokens } from './tokens.ts'

/** Runs one step while nobody else who shares the tokens runs one; what the step throws is passed on. */
export type Lock = <T>(run: () => Promise<T>) => Promise<T>

/** Where a client's tokens live. Make one with {@link createTokenStore}; an object of your own works too. */
export interface TokenStore {
  /** The tokens as they are kept now, or null. May throw: then an operation fails, and nobody is signed out. */
  readonly read: () => Promise<Tokens | null>
  /** Keeps these tokens, or none. */
  readonly write: (tokens: Tokens | null) => Promise<void>
  /** Names what tabs of one origin share; tabs tell each other under it. Absent: the tokens belong to this client alone. */
  readonly shared?: string | undefined
  /** Who may refresh. Default: the browser's locks under `shared`, where there are any. */
  readonly lock?: Lock | undefined
  /** Set where the refresh token is in an HttpOnly cookie: the endpoint that takes it. */
  readonly tokenUrl?: string | undefined
}

/** `localStorage`, React Native's AsyncStorage, or three functions around whatever keeps secrets on a device. */
export interface TokenStorage {
  readonly getItem: (key: string) => string | null | Promise<string | null>
  readonly setItem: (key: string, value: string) => unknown
  readonly removeItem: (key: string) => unknown
}

/** Keeps the tokens in a storage of the app's. */
export interface StorageOptions {
  /** Keeps the tokens as text: `localStorage`, or a device's secure storage. */
  readonly storage: TokenStorage
  /** Under which key. Default `'latchkey.tokens'`. */
  readonly key?: string
  /** Needed where several processes share the storage, and no browser arbitrates. */
  readonly lock?: Lock
}

/** Leaves the refresh token to the browser. */
export interface CookieOptions {
  /** The server keeps the refresh token in an HttpOnly cookie. */
  readonly refresh: 'cookie'
  /** `POST {basePath}/token` of the auth handler. Default `'/auth/token'` of the link's origin. */
  readonly tokenUrl?: string
  /** Names the session among tabs. Default `'latchkey.tokens'`. */
  readonly key?: string
}

const KEY = 'latchkey.tokens'

/**
 * Makes a token store for `authLink`.
 *
 * - Without options the tokens stay in this client's memory, and go with it.
 * - `storage`: they outlive it. Whoever can run a script in a page can read its `localStorage`; on devices give the secure storage.
 * - `refresh: 'cookie'`: sign-in puts the refresh token into an HttpOnly cookie. JavaScript holds the access token only, in memory; a
 *   new page begins with one refresh.
 *
 * @example
 * createTokenStore({ storage: AsyncStorage })
 * @example
 * createTokenStore({
 *   storage: {
 *     getItem: (key) => SecureStore.getItemAsync(key),
 *     setItem: (key, value) => SecureStore.setItemAsync(key, value),
 *     removeItem: (key) => SecureStore.deleteItemAsync(key),
 *   },
 * })
 */
export function createTokenStore(
  options: StorageOptions | CookieOptions | { readonly storage?: undefined } = {},
): TokenStore {
  if ('refresh' in options) {
    const { tokenUrl = '/auth/token', key = KEY } = options
    return { ...createMemory(), shared: key, tokenUrl }
  }
  return options.storage ? createStored(options) : createMemory()
}

function createMemory(): Pick<TokenStore, 'read' | 'write'> {
  let kept: Tokens | null = null
  return {
    read: async () => kept,
    write: async (tokens) => {
      kept = tokens
    },
  }
}

function createStored({ storage, key = KEY, lock }: StorageOptions): TokenStore {
  return {
    shared: key,
    lock,
    read: async () => parse(await storage.getItem(key)),
    write: async (tokens) => {
      await (tokens ? storage.setItem(key, JSON.stringify(tokens)) : storage.removeItem(key))
    },
  }
}

/** What is no token response of ours is none at all. */
function parse(text: string | null | undefined): Tokens | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    return isTokens(value) ? value : null
  } catch {
    return null
  }
}
