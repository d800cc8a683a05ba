/** The first letters of a name, in place of a picture. */
export function Avatar({ name }: { readonly name: string | null | undefined }) {
  const initials = (name ?? '?')
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('')
  return (
    <span className="avatar" aria-hidden="true">
      {initials.toUpperCase()}
    </span>
  )
}

export function Role({ name }: { readonly name: string }) {
  return <span className={name === 'admin' ? 'tag tag-strong' : 'tag'}>{name}</span>
}
