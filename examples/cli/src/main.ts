#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { COMMANDS } from './commands.ts'
import { connect, type Connection } from './client.ts'
import { describeFailure } from './failure.ts'
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

process.exitCode = await run()

/** 0: done, 1: it failed, 2: it was called wrongly. */
async function run(): Promise<number> {
  const call = readCall()
  if (call?.help) {
    console.log(USAGE)
    return 0
  }
  const command = call && Object.hasOwn(COMMANDS, call.name) ? COMMANDS[call.name] : undefined
  if (!call || !command) {
    console.error(USAGE)
    return 2
  }
  let connection: Connection | undefined
  try {
    connection = connect(call)
    await command(connection, call)
    return 0
  } catch (error) {
    console.error(describeFailure(error, connection?.whyEnded()))
    return 1
  }
}

/** What the command line says; null where it makes no sense. */
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
  } catch {
    return null
  }
}
