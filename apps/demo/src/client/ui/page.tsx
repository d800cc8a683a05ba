import { type ReactNode, useEffect, useRef } from 'react'

export interface PageProps {
  readonly title: string
  readonly intro?: ReactNode
  readonly children: ReactNode
}

let isFirst = true

/** A page with its heading, which takes the focus when one navigates, as a newly loaded page would. */
export function Page({ title, intro, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Latchkey demo`
  }, [title])
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true })
    isFirst = false
  }, [])
  return (
    <article className="page">
      <header className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {intro && <p className="intro">{intro}</p>}
      </header>
      {children}
    </article>
  )
}
