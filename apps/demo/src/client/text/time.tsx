const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const ABSOLUTE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** An instant as people say it, exactly on hover. */
export function Time({ at }: { readonly at: Date }) {
  return (
    <time dateTime={at.toISOString()} title={ABSOLUTE.format(at)}>
      {describeTime(at, new Date())}
    </time>
  )
}

export function describeTime(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1_000
  const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length)
  return unit ? RELATIVE.format(Math.round(seconds / unit[1]), unit[0]) : 'just now'
}
