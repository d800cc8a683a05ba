import { Fragment } from 'react'

// A key with its colon, a text, or a number, true, false or null; what lies between is punctuation.
const TOKEN = /("(?:[^"\\]|\\.)*"\s*:)|("(?:[^"\\]|\\.)*")|(\b(?:true|false|null)\b|-?\d[\d.eE+-]*)/g

/** A value as JSON, quietly coloured. */
export function Json({ label, value }: { readonly label: string; readonly value: unknown }) {
  const text = JSON.stringify(value, null, 2)
  return (
    // Long lines scroll, and without a mouse one scrolls what has the focus.
    <pre className="json" tabIndex={0} role="region" aria-label={label}>
      <code>{colour(text)}</code>
    </pre>
  )
}

function colour(text: string) {
  const parts = []
  let end = 0
  for (const match of text.matchAll(TOKEN)) {
    const [token, key, string] = match
    parts.push(<Fragment key={end}>{text.slice(end, match.index)}</Fragment>)
    parts.push(
      <span key={match.index} className={key ? 'json-key' : string ? 'json-text' : 'json-atom'}>
        {token}
      </span>,
    )
    end = match.index + token.length
  }
  return [...parts, text.slice(end)]
}
