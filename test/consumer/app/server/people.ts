import type { User } from '@latchkey/core'

interface Person {
  readonly user: User
  readonly password: string
  readonly roles: readonly string[]
  /** The organisations that they belong to: id → name. */
  readonly organisations: ReadonlyMap<string, string>
}

const PEOPLE: readonly Person[] = [
  {
    user: { id: 'ada', name: 'Ada', email: 'ada@example.com' },
    password: 'analytical engine',
    roles: ['member', 'admin'],
    organisations: new Map([
      ['o_1', 'Acme'],
      ['o_2', 'Globex'],
    ]),
  },
  {
    user: { id: 'bob', name: 'Bob', email: 'bob@example.com' },
    password: 'correct horse',
    roles: ['member', 'a role that nobody declared'],
    organisations: new Map([['o_1', 'Acme']]),
  },
]

export function findPerson(id: string): Person | undefined {
  return PEOPLE.find(({ user }) => user.id === id)
}

export function checkPassword(input: { readonly email: string; readonly password: string }): User | null {
  const person = PEOPLE.find(({ user }) => user.email === input.email)
  return person?.password === input.password ? person.user : null
}
