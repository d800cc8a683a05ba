export interface Answer {
  readonly status: number
  /** Where it sends the browser, as a path; null if nowhere. */
  readonly location: string | null
  readonly html: string
}

/** A browser with scripts turned off: it keeps cookies, follows nothing by itself, and submits forms as HTML says. */
export function createVisitor(url: string, cookies = '') {
  const jar = new Map(cookies.split('; ').filter(Boolean).map(splitCookie))
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

  async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(url + path, {
      ...init,
      redirect: 'manual',
      headers: { origin: url, cookie: cookie() },
    })
    for (const header of response.headers.getSetCookie()) keep(header)
    const location = response.headers.get('location')
    return {
      status: response.status,
      location: location && new URL(location, url).pathname,
      // React separates texts that stand side by side by empty comments.
      html: (await response.text()).replaceAll('<!-- -->', ''),
    }
  }

  function keep(header: string): void {
    const [name, value] = splitCookie(header.split(';', 1)[0] ?? '')
    if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(header)) jar.delete(name)
    else jar.set(name, value)
  }

  return {
    cookie,
    get: (path: string) => ask(path),
    /** Opens a page, fills in its form with this button, and submits it. */
    async submit(path: string, button: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
      const { html } = await ask(path)
      const form = [...html.matchAll(/<form[^]*?<\/form>/g)]
        .map(([text]) => text)
        .find((text) => text.includes(`>${button}</button>`))
      if (!form) throw new Error(`${path} has no form with the button "${button}":\n${html}`)
      const body = new FormData()
      for (const [name, value] of readHidden(form)) body.append(name, value)
      for (const [name, value] of Object.entries(fields)) body.append(name, value)
      return ask(path, { method: 'POST', body })
    },
  }
}

function splitCookie(pair: string): readonly [string, string] {
  const end = pair.indexOf('=')
  return [pair.slice(0, end), pair.slice(end + 1)]
}

/** The names and values of a form's hidden inputs: that is how React says which action is meant. */
function readHidden(form: string): readonly (readonly [string, string])[] {
  return [...form.matchAll(/<input type="hidden"([^>]*)>/g)].map(([, attributes = '']) => {
    const read = (name: string) => decode(new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? '')
    return [read('name'), read('value')]
  })
}

function decode(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
