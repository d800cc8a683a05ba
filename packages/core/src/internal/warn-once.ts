/** Warns once per subject. */
export type WarnOnce = (subject: string, message: string) => void

/** Role names and the like come from data: remember no more than this many. */
const MAX_SUBJECTS = 1_000

export function createWarnOnce(logger: { readonly warn: (message: string) => void }): WarnOnce {
  const warned = new Set<string>()
  return (subject, message) => {
    if (warned.has(subject) || warned.size >= MAX_SUBJECTS) return
    warned.add(subject)
    logger.warn(message)
  }
}
