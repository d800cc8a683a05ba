#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { COMMANDS } from './commands.ts'
import { connect, type Connection } from './client.ts'
import { describeFailure, UsageError } from './failure.ts'
import { defaultFile } from './token-file.ts'

const USAGE = `Usage: latchkey-demo [--url URL] [--file FILE] COMMAND

  sign-in EMAIL            Signs in; the password is asked for, or read from a pipe
  whoami                   Who is signed in
  members                  Who else is in the organisation
  sessions                 Where one is signed in
  watch                    Tells when the session changes, until it ends
  sign-out [--everywhere]  Signs out, here or on all devices

  --url URL    The demo's address (or LATCHKEY_URL). Default: http://localhost:3000
  --file FILE  Where the tokens are kept. Default: ${defaultFile()}`

// The reader of the output may stop reading (`… | head -1`): that is no failure.
process.stdout.on('error', () => process.exit(0))
process.exitCode = await run()

/** 0: done, 1: it failed, 2: it was called wrongly. */
async function run(): Promise<number> {
  const call = readCall()
  if (typeof call === 'string') return refuse(call)
  if (call.help) {
    console.log(USAGE)
    return 0
  }
  if (call.name === '') return refuse('Say what to do.')
  const command = Object.hasOwn(COMMANDS, call.name) ? COMMANDS[call.name] : undefined
  if (!command) return refuse(`There is no command "${call.name}".`)
  let connection: Connection | undefined
  try {
    connection = connect(call)
    await command(connection, call)
    return 0
  } catch (error) {
    console.error(describeFailure(error, { url: call.url, ending: connection?.whyEnded() }))
    return error instanceof UsageError ? 2 : 1
  }
}

/** Says what is wrong with the call, and what can be called. */
function refuse(sentence: string): number {
  console.error(`${sentence}\n\n${USAGE}`)
  return 2
}

/** What the command line says, or a sentence about what is wrong with it. */
function readCall() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        url: { type: 'string', default: process.env.LATCHKEY_URL || 'http://localhost:3000' },
        file: { type: 'string', default: defaultFile() },
        everywhere: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const [name = '', ...rest] = positionals
    return { ...values, help: values.help || name === 'help', name, rest }
  } catch (error) {
    // Node goes on to explain how an argument may begin with a dash, which none does here.
    const [sentence = ''] = String(error instanceof Error ? error.message : error).split('. ')
    return `${sentence}.`
  }
}
