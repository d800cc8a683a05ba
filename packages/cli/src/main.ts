import { parseArgs } from 'node:util'
import { CommandError } from './command-error.ts'
import { generatePrisma } from './commands/generate-prisma.ts'
import { createSecret } from './commands/secret.ts'
import { USAGE } from './usage.ts'

/** Where {@link main} runs. */
export interface MainOptions {
  /** The folder of the app. @default the working directory */
  readonly cwd?: string
  /** Prints a line. @default to the standard output */
  readonly print?: (line: string) => void
  /** Prints what went wrong. @default to the standard error */
  readonly printError?: (line: string) => void
}

/**
 * Runs a command of `latchkey`.
 *
 * @param args what stands behind the program's name
 * @returns the exit code: 0 done, 1 `--check` found a difference, 2 something to put right
 * @throws what is nobody's mistake at the terminal
 * @example process.exitCode = await main(process.argv.slice(2))
 */
export async function main(args: readonly string[], options: MainOptions = {}): Promise<number> {
  const { cwd = process.cwd(), print = console.log, printError = console.error } = options
  try {
    return await run(args, cwd, print)
  } catch (error) {
    if (!isMistake(error)) throw error
    printError(`latchkey: ${error.message}`)
    return 2
  }
}

async function run(args: readonly string[], cwd: string, print: (line: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  const command = positionals.join(' ')
  if (values.help === true) print(USAGE)
  else if (command === 'secret') print(createSecret())
  else if (command === 'generate prisma') return generatePrisma(values, { cwd, print })
  else throw new CommandError(command === '' ? USAGE : `there is no command ${command}. Run latchkey --help`)
  return 0
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  plugins: { type: 'string' },
  schema: { type: 'string' },
  provider: { type: 'string' },
  tables: { type: 'string' },
  check: { type: 'boolean' },
} as const

/** Also what Node says of an option that isn't known, and what the migrations say of names. */
function isMistake(error: unknown): error is Error {
  if (error instanceof CommandError) return true
  return (
    error instanceof TypeError &&
    (('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) ||
      /^(?:tables|plugins)\b/.test(error.message))
  )
}
