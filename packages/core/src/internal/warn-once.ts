import { detach } from './detach.ts'

/** Warns once per subject. */
export type WarnOnce = (subject: string, message: string) => void

/** Role names and the like come from data: remember no more than this many, each cut at this length. About 0.5 MB. */
const MAX_SUBJECTS = 1_000
const MAX_LENGTH = 200

export function createWarnOnce(logger: { readonly warn: (message: string) => void }): WarnOnce {
  const warned = new Set<string>()
  return (subject, message) => {
    const key = subject.slice(0, MAX_LENGTH).toWellFormed()
    if (warned.has(key) || warned.size >= MAX_SUBJECTS) return
    warned.add(detach(key))
    logger.warn(message)
  }
}
