const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A copy. A text that was cut out of a longer one (a token out of its header) otherwise keeps the longer one in memory. */
export function detach(text: string): string {
  return decoder.decode(encoder.encode(text))
}
