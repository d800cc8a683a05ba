import type { Operation, Plugin, SignedIn } from '@latchkey/core'
import type { EmailSent } from '../shared/sent.ts'

/** What `signIn` takes: without `code` it sends a link. */
export interface MagicLinkInput {
  /** Which way: with a link by mail. */
  readonly provider: 'magic-link'
  /** The person's address. */
  readonly email: string
  /** Where the browser goes after the sign-in: a path of the app, or a URL of a trusted origin. @default '/' */
  readonly redirectTo?: string | undefined
  /** The code that the link's page shows in another browser; spaces don't matter. */
  readonly code?: string | undefined
  /** In the token flow: what the response to the request for the link had as `request`. */
  readonly request?: string | undefined
}

/** The token of a link. */
export interface LinkToken {
  /** What the link's address has as `token`. */
  readonly token: string
  /** In the token flow: what the response to the request for the link had as `request`. */
  readonly request?: string | undefined
}

/** What a page shows for a link. */
export interface LinkInfo {
  /** Whether this is the browser that has asked for the link: it shows a button, which calls `confirm`. */
  readonly isHere: boolean
  /** In any other browser: what the person types where they have asked for the link. */
  readonly code: string | null
  /** Where the browser goes after the sign-in. */
  readonly redirectTo: string
}

/** For apps with a page of their own (the option `page`): `auth.magicLink.*`. */
export interface MagicLinkOperations {
  /** What the page shows. Uses nothing up. */
  readonly look: Operation<'query', LinkToken, LinkInfo>
  /** Signs in with a link, in the browser or app that has asked for it. Call it when the person presses a button, never by itself. */
  readonly confirm: Operation<'mutation', LinkToken, SignedIn>
}

/** The plug-in that `magicLink()` makes. */
export interface MagicLink extends Plugin<
  'magicLink',
  {
    operations: MagicLinkOperations
    signIn: MagicLinkInput
    answers: EmailSent
    errors: 'MagicLinkElsewhere' | 'MagicLinkExpired'
  }
> {}
