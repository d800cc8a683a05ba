import { createContext } from 'react'

/** What is wrong, by the name of the field that fixes it; under `form` what no field can fix. */
export type Problems = Readonly<Record<string, string | undefined>>

/** What is wrong with the form around a field. */
export const ProblemsContext = createContext<Problems>({})
