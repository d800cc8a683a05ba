import type { RequestSource, ResponseSink } from '../contract/request-source.ts'

/**
 * A Fetch request as the engine sees it. (A class, for the one getter: a literal with one takes longer to make than all else that a
 * look-up needs, and `Request.url` writes the whole URL anew.)
 */
export class FetchSource implements RequestSource {
  readonly method: string
  readonly response: ResponseSink
  readonly address: string | undefined
  readonly checkBody: RequestSource['checkBody']
  readonly #request: Request

  constructor(request: Request, response: ResponseSink, more: Pick<RequestSource, 'address' | 'checkBody'> = {}) {
    this.#request = request
    this.method = request.method
    this.response = response
    this.address = more.address
    this.checkBody = more.checkBody
  }

  header(name: string): string | null {
    return this.#request.headers.get(name)
  }

  get url(): string {
    return this.#request.url
  }
}
