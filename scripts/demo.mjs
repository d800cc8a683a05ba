import { spawn } from 'node:child_process'
import { chdir } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build, ensureInstalled } from './install.mjs'

// `npm run demo`: from a fresh clone to a running app, and to the command line that talks to it (examples/cli).
chdir(fileURLToPath(new URL('..', import.meta.url)))
ensureInstalled()
build('--filter=@latchkey/demo...', '--filter=@latchkey/example-cli...')

const server = spawn(process.execPath, ['apps/demo/dist/server/main.js'], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
// npm runs this through a shell, which passes no signal on: when the shell is gone, so is the process that started the demo.
const { ppid } = process
setInterval(() => process.ppid !== ppid && server.kill(), 500).unref()
server.on('exit', (code) => process.exit(code ?? 0))
