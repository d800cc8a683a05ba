import { HANGS } from './caller.mjs'

/** What docs/reliability.md promises. Counts and statuses only: how long something takes is printed, and depends on the machine. */
const PROMISES = [
  { text: 'the server goes on', holds: ({ exits }) => exits === 0 },
  { text: 'nobody is signed out', holds: ({ signedOut }) => signedOut.length === 0 },
  { text: 'no refresh family is lost', holds: ({ familiesLost }) => familiesLost === 0 },
  { text: 'what fails is 503 AdapterError with retryAfter', holds: ({ failures }) => failures.every(isUnavailable) },
  { text: 'who only reads goes on where the database can be read', holds: ({ stopped }) => stopped.length === 0 },
  { text: 'everybody is served again', holds: ({ allServed }) => Number.isFinite(allServed) },
  { text: `no call takes ${HANGS / 1_000} s`, holds: ({ slowest }) => slowest < HANGS },
  // Else the run would show nothing.
  {
    text: 'the callers notice it',
    holds: ({ scenario, failures }) => failures.length > 0 === (scenario.name !== 'nothing'),
  },
]

/** @returns a line for each promise that one scenario broke */
export function findBroken(row) {
  return PROMISES.filter(({ holds }) => !holds(row)).map(({ text }) => `${row.scenario.name}: ${text}`)
}

function isUnavailable({ status, kind, retryAfter }) {
  return status === 503 && kind === 'AdapterError' && retryAfter >= 1
}
