import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react'

/** The path of the page that is open. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname)
}

/** A parameter of the address: of its query, or of its fragment, which no server sees. */
export function readAddress(name: string): string | null {
  return new URLSearchParams(location.search).get(name) ?? new URLSearchParams(location.hash.slice(1)).get(name)
}

/** Goes to another page of the demo. */
export function goTo(href: string): void {
  history.pushState(null, '', href)
  window.scrollTo(0, 0)
  window.dispatchEvent(new PopStateEvent('popstate'))
}

/** A link within the demo: the browser's own for everything but a plain click. */
export function Link({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { readonly href: string }) {
  const current = usePath() === href
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (current) window.scrollTo(0, 0)
    else goTo(href)
  }
  return <a {...rest} href={href} aria-current={current ? 'page' : undefined} onClick={open} />
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener)
  return () => window.removeEventListener('popstate', listener)
}
