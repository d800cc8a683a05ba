import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react'

/** The path of the page that is open. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname)
}

/** A link within the demo: the browser's own for everything but a plain click. */
export function Link({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { readonly href: string }) {
  const current = usePath() === href
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (!current) history.pushState(null, '', href)
    window.scrollTo(0, 0)
    window.dispatchEvent(new PopStateEvent('popstate'))
  }
  return <a {...rest} href={href} aria-current={current ? 'page' : undefined} onClick={open} />
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener)
  return () => window.removeEventListener('popstate', listener)
}
