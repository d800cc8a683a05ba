import { type ReactNode, useId } from 'react'

export interface SectionProps {
  readonly title: string
  readonly intro: ReactNode
  /** What was done last. */
  readonly done?: string
  readonly children?: ReactNode
}

/** One subject of the page. */
export function Section({ title, intro, done = '', children }: SectionProps) {
  const id = useId()
  return (
    <section className="card panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p className="muted">{intro}</p>
      {children}
      {/* Always there, so that screen readers hear what appears in it. */}
      <p role="status" className={done && 'notice'}>
        {done}
      </p>
    </section>
  )
}
