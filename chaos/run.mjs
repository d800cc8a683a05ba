import { chdir } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build, ensureInstalled } from '../scripts/install.mjs'
import { readOptions } from './src/options.mjs'

// `npm run chaos [-- --short] [--only <part>] [--seed <number>] [--soak <duration>]`: what becomes of an app's people while its database,
// its Redis, its network and its instances fail. It prints figures, and fails if a promise of docs/reliability.md is broken.
chdir(fileURLToPath(new URL('..', import.meta.url)))
const options = readOptions(process.argv.slice(2))
ensureInstalled()
build('--filter=./packages/*')

const { main } = await import('./src/main.mjs')
process.exit(await main(options))
