import type { Row, Table, TableSpec, Where } from '@latchkey/core'

/** Puts a row in the place of the one that `where` names, or adds it. Of several at once the last one stays. */
export async function replace<TSpec extends TableSpec>(
  table: Table<TSpec>,
  where: Where<TSpec>,
  row: Row<TSpec>,
): Promise<void> {
  if ((await table.update(where, row)) > 0 || (await table.insert(row))) return
  // One that was added at the same moment.
  await table.update(where, row)
}
