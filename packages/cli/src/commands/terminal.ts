/** Where a command runs. */
export interface Terminal {
  /** The folder of the app. */
  readonly cwd: string
  /** Prints a line to the standard output. */
  readonly print: (line: string) => void
}
