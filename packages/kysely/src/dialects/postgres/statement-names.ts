/** How many statements the server keeps for one connection. Those of one adapter and its plug-ins are about fifty. */
const MAX_STATEMENTS = 200
/** How often a connection may lose its statements before it does without: something resets it, or a pooler gives it to others. */
const MAX_LOSSES = 3

/** The names of the statements on one connection. */
export interface StatementNames {
  /** The name on this connection; undefined if the statement is to be sent without one. */
  readonly toName: (name: string | undefined) => string | undefined
  /** The server has lost the statement of this name, and maybe others: all that are sent from now on have new names. */
  readonly renew: (lost: string) => void
}

export function createStatementNames(): StatementNames {
  const given = new Map<string, string>()
  let losses = 0
  return {
    toName: (name) => {
      if (name === undefined || losses > MAX_LOSSES) return undefined
      const known = given.get(name)
      if (known !== undefined) return known
      if (given.size >= MAX_STATEMENTS) return undefined
      // `pg` remembers what it has sent, and would not send it again under the same name.
      const fresh = losses === 0 ? name : `${name}_${losses}`
      given.set(name, fresh)
      return fresh
    },
    renew: (lost) => {
      // Another query of the same moment may have found out first.
      if (![...given.values()].includes(lost)) return
      losses++
      given.clear()
    },
  }
}

/**
 * Whether an error says that a statement can't be used under its name, and nothing was done: it isn't there (`DISCARD ALL`, a pooler),
 * another connection's has the name (a pooler), or what it returns has changed (a migration has added a column).
 */
export function isStatementLost(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false
  return error.code === '26000' || error.code === '42P05' || (error.code === '0A000' && isOutdated(error))
}

/** The message may be in another language; the routine is PostgreSQL's own. */
function isOutdated(error: Error): boolean {
  return error.message.includes('cached plan') || ('routine' in error && error.routine === 'RevalidateCachedQuery')
}
