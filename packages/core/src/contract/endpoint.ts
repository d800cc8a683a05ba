import type { Awaitable } from '../internal/types.ts'
import type { SigningInCall } from './call.ts'

/** A plain HTTP endpoint of a plug-in, under `basePath/<plug-in>/`: for what is no JSON, such as the page that a provider redirects to. */
export interface Endpoint {
  /** Which requests it serves. */
  readonly method: 'GET' | 'POST'
  /**
   * Relative to `basePath/<plug-in>/`.
   *
   * @default the endpoint's name in kebab-case
   */
  readonly path?: string | undefined
  /**
   * Returns the response; cookies that the call has set are added to it. Where the request comes from is not checked: a provider posts its
   * callback from its own pages. `call.session()` checks it. With such a post a browser sends those cookies only that were set with
   * `sameSite: 'none'`.
   */
  readonly run: (call: SigningInCall, request: Request) => Awaitable<Response>
}
