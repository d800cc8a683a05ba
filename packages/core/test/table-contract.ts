import { afterAll, beforeAll, describe } from 'vitest'
import type { TableStore } from '../src/store/tables/table.ts'
import { describeConditions } from './tables/conditions.ts'
import { describeCounting } from './tables/counting.ts'
import { describeEnds } from './tables/ends.ts'
import { describePages } from './tables/pages.ts'
import { describeTableRaces } from './tables/races.ts'
import { describeReferences } from './tables/references.ts'
import { describeRows } from './tables/rows.ts'
import { openNotes, type OpenedStore } from './tables/support.ts'
import { describeTableText } from './tables/text.ts'
import { describeValues } from './tables/values.ts'

export { CONTRACT_PLUGIN } from './tables/specs.ts'

export interface OpenedTables {
  /** The tables of `CONTRACT_PLUGIN` are there already. */
  readonly store: TableStore
  /** Makes a user whom rows may refer to. */
  readonly addUser: (id: string) => Promise<unknown>
  readonly close: () => Promise<void>
}

interface Ability {
  /** False for a store whose users are another's: its rows refer to anybody. @default true */
  readonly keepsUsers?: boolean
}

/** What every store must do with the tables of plug-ins: the same sentences for each. `open` gives an empty one. */
export function describeTables(
  name: string,
  open: () => Promise<OpenedTables>,
  { keepsUsers = true }: Ability = {},
): void {
  describe(`the tables of plug-ins: ${name}`, () => {
    let opened: OpenedTables | undefined
    let notes: OpenedStore | undefined
    beforeAll(async () => {
      opened = await open()
      notes = openNotes(opened.store, opened.addUser)
    })
    afterAll(() => opened?.close())

    const store = () => {
      if (!notes) throw new Error('the store is not open')
      return notes
    }
    describeRows(store)
    if (keepsUsers) describeReferences(store)
    describeConditions(store)
    describePages(store)
    describeValues(store)
    describeTableText(store)
    describeCounting(store)
    describeTableRaces(store)
    describeEnds(store)
  })
}
