#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { COMMANDS } from './commands.ts'
import { connect } from './client.ts'
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
  const command = call && COMMANDS[call.name]
  if (!command) {
    console.error(USAGE)
    return 2
  }
  try {
    await command(connect(call), call)
    return 0
  } catch (error) {
    console.error(describeFailure(error))
    return 1
  }
}

/** What the command line says; null where it makes no sense. */
function readCall() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        url: { type: 'string', default: process.env.LATCHKEY_URL ?? 'http://localhost:3000' },
        file: { type: 'string', default: defaultFile() },
        everywhere: { type: 'boolean', default: false },
      },
    })
    const [name = '', ...rest] = positionals
    return { ...values, name, rest }
  } catch {
    return null
  }
}
