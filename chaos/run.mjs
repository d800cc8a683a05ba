import { chdir } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build, ensureInstalled } from '../scripts/install.mjs'

// `npm run chaos [-- --short]`: what becomes of twenty callers while their database is killed, stopped, read-only, full or locked.
// It prints figures, and fails if a promise of docs/reliability.md is broken.
chdir(fileURLToPath(new URL('..', import.meta.url)))
ensureInstalled()
build('--filter=./packages/*')

const { main } = await import('./src/main.mjs')
process.exitCode = await main({ isShort: process.argv.includes('--short') })
