import type { Answer, AnswerStep, RedirectStep } from '../contract/provider.ts'
import { isWeb } from '../csrf/trusted-origins.ts'
import { AuthError } from '../errors.ts'
import { isPlainObject } from '../internal/json.ts'
import type { Flow } from './flow.ts'

/** The browser must go elsewhere first. */
export interface Redirect {
  readonly status: 'redirect'
  readonly url: string
}

/** The sign-in is over for now: the client gets the provider's result. */
export interface Answered {
  readonly status: 'answer'
  readonly answer: Answer
}

/**
 * Where the provider sends the browser: another service, so it needn't be an origin that the app trusts.
 *
 * @throws AuthError `InvalidInput` in the token flow, whose client has no page to come back to, unless the way back hands it a code
 */
export function toRedirect(provider: string, { redirect, handsOver = false }: RedirectStep, { kind }: Flow): Redirect {
  if (kind === 'token' && !handsOver) {
    const detail = `"${provider}" redirects the browser, which the token flow can't`
    throw new AuthError('InvalidInput', { fields: ['flow'], detail })
  }
  const url = typeof redirect === 'string' && URL.canParse(redirect) ? new URL(redirect) : null
  if (url && isWeb(url)) return { status: 'redirect', url: url.href }
  throw wrongStep(provider, 'redirect to an absolute http(s) URL')
}

/** What clients read as the engine's own word: it would begin a session there. */
const OWN = new Set(['signedIn', 'tokens', 'redirect', 'challenge'])

export function toAnswer(provider: string, { answer }: AnswerStep<Answer>): Answered {
  if (isPlainObject(answer) && typeof answer.status === 'string' && !OWN.has(answer.status))
    return { status: 'answer', answer }
  throw wrongStep(provider, `answer with a status of its own, none of ${[...OWN].join(', ')}`)
}

function wrongStep(provider: string, fix: string): AuthError {
  return new AuthError('CallbackRouteError', { cause: new Error(`begin() of "${provider}" must ${fix}`) })
}
