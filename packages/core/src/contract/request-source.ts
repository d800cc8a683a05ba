/** Whether a `Set-Cookie` can still reach the client: yes, not any more, or never (server components, sockets). */
export type Writability = 'writable' | 'committed' | 'none'

/**
 * A request as the engine sees it; each face makes one from whatever its framework hands it. Its functions are called as methods, so it may
 * be an instance of a class.
 */
export interface RequestSource {
  /** The HTTP method; undefined if server code calls on its own behalf (`createCaller`). */
  readonly method: string | undefined
  /** A header's value by lower-case name; several are joined as the framework does. */
  readonly header: (name: string) => string | null | undefined
  /** The request's URL with its scheme and host, if the face has it: used only to detect that `baseUrl` wasn't set. */
  readonly url?: string | undefined
  /** The address of the peer on the socket, if there is one. */
  readonly address?: string | undefined
  /** A ticket of `ctx.auth.ticket()` that came where no header can (a stream's URL, a socket's first message). It decides alone. */
  readonly ticket?: string | undefined
  /**
   * The same object for as long as a ticket's stream, or a socket, is open: the engine remembers by it which session the connection
   * has, and whether it was refused.
   */
  readonly connection?: object | undefined
  /** Aborted when that connection closes. */
  readonly closed?: AbortSignal | undefined
  readonly response: ResponseSink
  /**
   * Throws if this face can't write such a body. Called before a sign-in or a refresh is written, so that one whose result can't be sent
   * consumes nothing.
   */
  readonly checkBody?: ((body: unknown) => void) | undefined
  /** On a socket: waits until the client has read enough of what was sent; undefined if it keeps up. */
  readonly drained?: (() => Promise<void> | undefined) | undefined
  /** On a socket: makes this access token, or none, what its further calls are authenticated by. @throws AuthError why the token doesn't count */
  readonly present?: ((accessToken: string | null) => Promise<void>) | undefined
}

/** Writes the response's headers: the one place per face that does. */
export interface ResponseSink {
  readonly writability: () => Writability
  /**
   * Adds or replaces one cookie of the response; called again with the same name it wins over the earlier call. It may throw if no
   * cookie can be set after all.
   *
   * @param isCurrent asked when the response's headers leave: false, and the cookie isn't sent. A sink that hands cookies on at once needn't ask
   */
  readonly setCookie: (name: string, header: string, isCurrent?: () => boolean) => void
  /** `Cache-Control: private, no-store` and `Vary: Cookie`: the response depends on its caller. */
  readonly noStore: () => void
}
