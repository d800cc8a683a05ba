import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { DemoIdOptions } from './provider.ts'
import { createDemoId } from './provider.ts'
import { renderLogin } from './page.ts'

type DemoId = Omit<DemoIdOptions, 'redirectUri'>

/** Starts the identity provider beside the demo, on a port of its own. `url`: where the browser finds the demo. */
export async function startDemoId({ demoId, url }: { readonly demoId: DemoId; readonly url: string }): Promise<Server> {
  const options = { ...demoId, redirectUri: `${url}/auth/callback/demo-id` }
  const provider = await createDemoId(options)
  const handle = provider.callback()
  const server = createServer((req, res) => {
    const run = req.url?.startsWith('/interaction/') ? interact(provider, req, res) : handle(req, res)
    run.catch((error: unknown) => fail(res, error))
  })
  const { hostname, port } = new URL(options.issuer)
  server.listen(Number(port), hostname)
  await once(server, 'listening')
  return server
}

/** Shows the login page, or takes what was chosen there. */
async function interact(provider: Provider, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const details = await provider.interactionDetails(req, res)
  if (req.method !== 'POST') {
    // Signed in at Demo ID already: what is left is the consent.
    const known = details.session?.accountId
    if (details.prompt.name === 'consent' && known) return consent(provider, req, res, known)
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    res.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    res.end(renderLogin(details.uid))
    return
  }
  const person = new URLSearchParams(await readBody(req)).get('person')
  if (!person) {
    const refusal = { error: 'access_denied', error_description: 'The person pressed Cancel.' }
    return provider.interactionFinished(req, res, refusal, { mergeWithLastSubmission: false })
  }
  return consent(provider, req, res, person)
}

/** Signs somebody in and grants everything the demo asked for. */
async function consent(provider: Provider, req: IncomingMessage, res: ServerResponse, accountId: string) {
  const { params } = await provider.interactionDetails(req, res)
  const grant = new provider.Grant({ accountId, clientId: String(params.client_id) })
  grant.addOIDCScope(String(params.scope))
  const result = { login: { accountId }, consent: { grantId: await grant.save() } }
  return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: true })
}

/** A form of one field. */
const MAX_BODY = 1_024

async function readBody(req: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of req.setEncoding('utf8')) {
    body += String(chunk)
    if (body.length > MAX_BODY) throw new Error('the form is too large')
  }
  return body
}

function fail(res: ServerResponse, error: unknown): void {
  console.error('Demo ID:', error)
  if (res.headersSent) return void res.destroy()
  res.statusCode = 400
  res.setHeader('Content-Type', 'text/plain; charset=utf-8')
  res.end('This sign-in has ended. Go back to the demo and begin again.')
}
