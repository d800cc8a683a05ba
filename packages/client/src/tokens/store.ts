import { isTokens, type Tokens } from './tokens.ts'

/**
 * Runs one step at a time among everybody who shares the tokens: resolves or rejects with what the step does, and runs the next one then.
 *
 * @example const lock: Lock = (run) => withFileLock('tokens.lock', run)
 */
export type Lock = <T>(run: () => Promise<T>) => Promise<T>

/** Where a client's tokens are kept. Make one with {@link createTokenStore}, or write an object of your own. */
export interface TokenStore {
  /** The tokens as they are kept now, or null. If it throws, the operation fails, and the session stays. */
  readonly read: () => Promise<Tokens | null>
  /** Keeps these tokens; null forgets the ones that are kept. */
  readonly write: (tokens: Tokens | null) => Promise<void>
  /**
   * A name for what the tabs of one origin share: under it they take turns and tell each other what changes.
   *
   * @default none: the tokens belong to this client alone
   */
  readonly shared?: string | undefined
  /**
   * Lets one client at a time refresh.
   *
   * @default the browser's locks (Web Locks) under `shared`, if there are any
   */
  readonly lock?: Lock | undefined
  /**
   * Set if the refresh token is in an HttpOnly cookie: the URL of the endpoint that takes it, or its path.
   *
   * @default none: the refresh token is one of the tokens that are kept
   */
  readonly tokenUrl?: string | undefined
}

/** `localStorage`, React Native's AsyncStorage, or three functions around the secure storage of a device. */
export interface TokenStorage {
  readonly getItem: (key: string) => string | null | Promise<string | null>
  readonly setItem: (key: string, value: string) => unknown
  readonly removeItem: (key: string) => unknown
}

/** Keeps the tokens in a storage of the app. */
export interface StorageOptions {
  /** Keeps the tokens as text: `localStorage`, AsyncStorage, or a device's secure storage. */
  readonly storage: TokenStorage
  /**
   * The key of the tokens in the storage. Tabs take turns under this name too.
   *
   * @default 'latchkey.tokens'
   */
  readonly key?: string
  /**
   * Lets one process at a time refresh. Needed if several processes share the storage outside a browser.
   *
   * @default the browser's locks (Web Locks), if there are any
   */
  readonly lock?: Lock
}

/** Leaves the refresh token to the browser. */
export interface CookieOptions {
  /** The server keeps the refresh token in an HttpOnly cookie, and JavaScript holds the access token only. */
  readonly refresh: 'cookie'
  /**
   * `POST {basePath}/token` of the auth handler, as a URL or a path of the link's origin.
   *
   * @default '/auth/token'
   */
  readonly tokenUrl?: string
  /**
   * A name for the session among tabs: under it they take turns and tell each other what changes.
   *
   * @default 'latchkey.tokens'
   */
  readonly key?: string
}

const KEY = 'latchkey.tokens'

/**
 * Makes a token store for `authLink`.
 *
 * - Without options the tokens are in this client's memory, and are gone with it.
 * - `storage` keeps them longer. Every script in a page can read its `localStorage`. On devices, pass the secure storage.
 * - `refresh: 'cookie'` has the server put the refresh token into an HttpOnly cookie. JavaScript holds the access token only, in memory, and a
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

/** Anything else than tokens counts as none. */
function parse(text: string | null | undefined): Tokens | null {
  try {
    const value: unknown = JSON.parse(text as string) // null means null there, and undefined throws
    return isTokens(value) ? value : null
  } catch {
    return null
  }
}
