import type { Answer, Client } from '../../../../test/support/client.ts'
import type { Mailbox } from './mailbox.ts'

/** What came of asking for a code or a link: in the token flow, `request` names the client. */
export interface Sent {
  readonly status: 'sent'
  readonly expiresIn: number
  readonly request?: string
}

/** Another digit for the last one. */
export function wrong(code: string): string {
  return code.slice(0, -1) + String((Number(code.slice(-1)) + 1) % 10)
}

/** An address that nobody else has. */
export function newAddress(name = 'ann'): string {
  return `${name}-${crypto.randomUUID()}@example.com`
}

/** What the client sends along in the token flow. */
export function handleOf({ data }: Answer<Sent>): { readonly request?: string } {
  return data.request === undefined ? {} : { request: data.request }
}

export const askForCode = (client: Client, email: string, more: object = {}): Promise<Answer<Sent>> =>
  client.mutate<Sent>('auth.signIn', { provider: 'email-code', email, ...more })

export const askForLink = (client: Client, email: string, more: object = {}): Promise<Answer<Sent>> =>
  client.mutate<Sent>('auth.signIn', { provider: 'magic-link', email, ...more })

/** Asks for a code, reads the mail, and returns how to use it. */
export async function receiveCode(client: Client, mailbox: Mailbox, email: string, more: object = {}) {
  const asked = await askForCode(client, email, more)
  if (asked.kind) throw new Error(`the code was refused: ${asked.kind}`)
  const { code } = await mailbox.take('code', email)
  const handle = handleOf(asked)
  const use = (given: string = code, other: object = {}) =>
    client.mutate('auth.signIn', { provider: 'email-code', email, code: given, ...handle, ...other })
  return { code, handle, use }
}

/** Asks for a link, reads the mail, and returns how to use it. */
export async function receiveLink(client: Client, mailbox: Mailbox, email: string, more: object = {}) {
  const asked = await askForLink(client, email, more)
  if (asked.kind) throw new Error(`the link was refused: ${asked.kind}`)
  const { url } = await mailbox.take('link', email)
  const token = new URL(url).searchParams.get('token') ?? ''
  const handle = handleOf(asked)
  const confirm = (given: object = {}) => client.mutate('auth.magicLink.confirm', { token, ...handle, ...given })
  return { url, token, handle, confirm }
}

export async function signInWithCode(client: Client, mailbox: Mailbox, email: string): Promise<string> {
  const { use } = await receiveCode(client, mailbox, email)
  const answer = await use()
  const id = await client.whoAmI()
  if (id === null) throw new Error(`nobody was signed in: ${answer.text}`)
  return id
}
