/** What the person at the terminal can put right: its message is printed without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
