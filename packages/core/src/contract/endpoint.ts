import type { Awaitable } from '../internal/types.ts'
import type { SigningInCall } from './call.ts'
import type { SignedIn } from './marker.ts'

/** What an endpoint may do: a browser opens it, so it ends in a page or a redirect. */
export interface EndpointCall extends SigningInCall {
  /**
   * Answers with a redirect (303), after a sign-in if `run` is given:
   *
   * - somebody signed in: to `to`
   * - a second factor is due: to `pages.challenge`, with the challenge in the fragment (`#challenge=…&expiresIn=300&factors=totp`), which no
   *   server sees
   * - `callbacks.signIn` sent them elsewhere: there
   * - it was refused or failed: to `pages.error`, with `?error=<kind>`. A failure of the server is logged
   *
   * @param to a path or URL of the app or of a trusted origin; anything else becomes the app's own address (`callbacks.redirect` decides, if
   * there is one)
   */
  readonly redirect: (to: string, run?: () => Promise<SignedIn>) => Promise<Response>
}

/** A plain HTTP endpoint of a plug-in, under `basePath/<plug-in>/`: for what is no JSON, such as the page that a provider redirects to. */
export interface Endpoint {
  /** Which requests it serves. */
  readonly method: 'GET' | 'POST'
  /**
   * Relative to `basePath/<plug-in>/`; with a slash at its beginning, to `basePath` itself: `/callback/github`, an address that is registered
   * elsewhere.
   *
   * @default the endpoint's name in kebab-case
   */
  readonly path?: string | undefined
  /**
   * Returns the response; cookies that the call has set are added to it. Where the request comes from is not checked: a provider posts its
   * callback from its own pages. `call.session()` checks it. With such a post a browser sends those cookies only that were set with
   * `sameSite: 'none'`.
   */
  readonly run: (call: EndpointCall, request: Request) => Awaitable<Response>
}
