import type { EmailMessage } from '../../src/index.ts'

/** What a test app has sent, in order. Mails are sent after the response, so a test waits for them. */
export interface Mailbox {
  readonly send: (message: EmailMessage) => Promise<void>
  readonly sent: EmailMessage[]
  /** Takes the oldest mail of this type to this address out, once it is there. */
  readonly take: <TType extends EmailMessage['type']>(
    type: TType,
    to: string,
  ) => Promise<Extract<EmailMessage, { readonly type: TType }>>
  /** Waits until every mail that was asked for must have been sent. */
  readonly settle: () => Promise<void>
}

const PATIENCE = 5_000
/** Longer than the pause before a mail is sent. */
const LONG_ENOUGH = 250

export function createMailbox(): Mailbox {
  const sent: EmailMessage[] = []
  return {
    sent,
    send: async (message) => void sent.push(message),
    take: async (type, to) => {
      for (const until = Date.now() + PATIENCE; Date.now() < until; await pause(10)) {
        const at = sent.findIndex((message) => message.type === type && message.to === to)
        // The type was compared.
        if (at >= 0) return sent.splice(at, 1)[0] as Extract<EmailMessage, { readonly type: typeof type }>
      }
      throw new Error(`no mail of the type ${type} to ${to}; there are ${JSON.stringify(sent)}`)
    },
    settle: () => pause(LONG_ENOUGH),
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
