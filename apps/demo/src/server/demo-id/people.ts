/** Somebody whom Demo ID knows. Its people have no passwords: on the login page one chooses who to be. */
export interface DemoPerson {
  readonly id: string
  readonly name: string
  readonly email: string
  /** Whether Demo ID has checked that the address is theirs. */
  readonly verified: boolean
}

/** A person who is new to the demo, one who has an account there, and one whose address is not verified. */
export const PEOPLE: readonly DemoPerson[] = [
  { id: 'grace', name: 'Grace Abara', email: 'grace@example.com', verified: true },
  { id: 'ada', name: 'Ada Lindqvist', email: 'ada@example.com', verified: true },
  { id: 'hugo', name: 'Hugo Unverified', email: 'ben@example.com', verified: false },
]
