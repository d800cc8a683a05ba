import type { Endpoint, EndpointCall } from '@latchkey/core'
import { isAuthError } from '@latchkey/core'
import { type Page, pageResponse } from './page.ts'
import { PATH } from './path.ts'
import { codeOf, type Shared } from './shared.ts'
import { findLink, useLink } from './use-link.ts'

/**
 * The page of a link. A GET changes nothing; its button posts, which signs in and redirects. Another site's page can post as well, and signs
 * nobody in: it would need a link that this browser has asked for.
 */
export function linkEndpoints(shared: Shared): { readonly show: Endpoint; readonly use: Endpoint } {
  return {
    show: {
      method: 'GET',
      path: `/${PATH}`,
      run: async (call, request) => pageResponse(await pageOf(shared, call, request)),
    },
    use: { method: 'POST', path: `/${PATH}`, run: (call, request) => postLink(shared, call, request) },
  }
}

async function postLink(shared: Shared, call: EndpointCall, request: Request): Promise<Response> {
  try {
    const { proven, redirectTo } = await useLink(shared, call, { token: readToken(request) })
    return await call.redirect(redirectTo ?? '/', () => call.signIn(proven))
  } catch (error) {
    if (isAuthError(error) && error.status < 500) return pageResponse(await pageOf(shared, call, request))
    throw error
  }
}

async function pageOf(shared: Shared, call: EndpointCall, request: Request): Promise<Page> {
  const { engine, settings } = shared
  const token = readToken(request)
  const link = await findLink(shared, call, { token })
  const site = engine.baseUrl.host
  if (!link) return usedPage(engine.baseUrl)
  if (link.browser === null) return elsewherePage(site, await codeOf(engine, token, settings.digits))
  const action = new URL(`${engine.basePath}/${PATH}`, engine.baseUrl)
  action.searchParams.set('token', token)
  return herePage(site, action.href)
}

function readToken(request: Request): string {
  return new URL(request.url).searchParams.get('token') ?? ''
}

function herePage(site: string, action: string): Page {
  return {
    status: 200,
    title: `Sign in to ${site}`,
    paragraphs: ['You asked for this link in this browser.'],
    button: { label: 'Sign in', action },
  }
}

function elsewherePage(site: string, code: string): Page {
  return {
    status: 200,
    title: `Sign in to ${site}`,
    paragraphs: [
      'You asked for this link in another browser or app. To sign in there, type this code on the page where you asked:',
    ],
    code,
    note: 'Never tell this code to anybody. If you did not ask for it yourself, close this page: nothing has happened.',
  }
}

function usedPage(baseUrl: URL): Page {
  return {
    status: 410,
    title: 'This link no longer works',
    paragraphs: ['It was used before, has expired, or a newer one was sent. Ask for a new one.'],
    link: { label: `Go to ${baseUrl.host}`, href: baseUrl.href },
  }
}
