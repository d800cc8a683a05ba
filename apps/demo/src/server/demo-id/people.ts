/** Somebody whom Demo ID knows. It stands for a company's sign-in, so its people have no passwords here: one picks who one is. */
export interface DemoPerson {
  readonly id: string
  readonly name: string
  readonly email: string
  /** Whether Demo ID has checked that the address is theirs. */
  readonly verified: boolean
}

/** One whom the demo doesn't know, one who has an account in it, and one whose address nobody has checked. */
export const PEOPLE: readonly DemoPerson[] = [
  { id: 'grace', name: 'Grace Abara', email: 'grace@example.com', verified: true },
  { id: 'ada', name: 'Ada Lindqvist', email: 'ada@example.com', verified: true },
  { id: 'hugo', name: 'Hugo Unverified', email: 'ben@example.com', verified: false },
]
