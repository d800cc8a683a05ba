import { openChannel } from '../tokens/channel.ts'
import { SignInError } from './error.ts'
import { goTo } from './go-to.ts'
import type { AuthClient } from './types.ts'
import { randomText } from './verifier.ts'

/** A window that this page has opened. */
export interface Popup {
  /** Known to this page and the server: a message with it is about this sign-in. */
  readonly id: string
  readonly window: Window
  readonly close: () => void
}

/** What the server's page tells at the end. */
interface Message {
  readonly type: 'latchkey.signIn'
  readonly id: string
  readonly status: 'signedIn' | 'code' | 'challenge' | 'error'
  readonly kind?: string
  /** A one-time code for tokens. */
  readonly code?: string
  readonly challenge?: string
  readonly expiresIn?: string
  /** With commas between them. */
  readonly factors?: string
}

/** Opens an empty window, in the middle of this one. Null: the browser has blocked it. */
export function openPopup(): Popup | null {
  const [width, height] = [500, 650]
  const left = Math.round(screenX + (outerWidth - width) / 2)
  const top = Math.round(screenY + (outerHeight - height) / 2)
  const opened = open('', '', `popup,width=${width},height=${height},left=${left},top=${top}`)
  return opened && { id: randomText(24), window: opened, close: () => opened.close() }
}

/**
 * Leads the popup to the provider, and waits for how it ends.
 *
 * @returns what `signIn` would return for it
 */
export async function finishPopup(
  auth: AuthClient,
  popup: Popup,
  { url, verifier }: { readonly url: string; readonly verifier: string },
): Promise<unknown> {
  const ended = waitForMessage(popup)
  goTo(popup.window.location, url)
  const { status, kind = 'AccessDenied', code, challenge, expiresIn, factors } = await ended
  if (status === 'error') throw new SignInError(kind)
  if (status === 'challenge') return { status, challenge, expiresIn: Number(expiresIn), factors: factors?.split(',') }
  if (status === 'code') return auth.oauth?.exchange.mutate({ code, codeVerifier: verifier } as never) // as the plug-in has it
  // The cookie came with the popup's last page. The link tells this page and the other tabs.
  return { status, session: await auth.session.query(undefined, { context: { status } }) }
}

/** How often it is looked whether the popup is still there, in milliseconds. */
const INTERVAL = 500
/** How often in a row it has to be gone. */
const TIMES = 4

/**
 * Waits for the message of this popup, which comes over a channel or from the window itself.
 *
 * A window whose pages allow no connection to this one (`Cross-Origin-Opener-Policy`) looks closed. So it counts as closed only once the person
 * is back in this page, and no message comes.
 */
function waitForMessage({ id, window: opened }: Popup): Promise<Message> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearInterval(timer)
      removeEventListener('message', onMessage)
      channel?.close()
    }
    const take = (message: Partial<Message> | null) => {
      if (message?.type !== 'latchkey.signIn' || message.id !== id) return
      stop()
      resolve(message as Message) // the id is known to the server's page only
    }
    const onMessage = ({ data }: MessageEvent<Partial<Message> | null>) => take(data)
    let gone = 0
    const look = () => {
      gone = opened.closed && document.hasFocus() ? gone + 1 : 0
      if (gone < TIMES) return
      stop()
      reject(new SignInError('PopupClosed'))
    }
    const channel = openChannel<Partial<Message> | null>('popup', take)
    const timer = setInterval(look, INTERVAL)
    addEventListener('message', onMessage)
  })
}
