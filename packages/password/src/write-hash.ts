import type { Shared } from './shared.ts'

/** The hash of a user, whether they had one or not. */
export async function writeHash(
  { tables, engine }: Pick<Shared, 'tables' | 'engine'>,
  user: string,
  hash: string,
): Promise<void> {
  const changedAt = engine.clock()
  const update = () => tables.hashes.update({ user }, { hash, changedAt })
  if ((await update()) > 0) return
  // False: somebody was faster.
  if (!(await tables.hashes.insert({ user, hash, changedAt }))) await update()
}
