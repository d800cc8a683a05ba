#!/usr/bin/env node
import { existsSync } from 'node:fs'

// A file of its own, because npm makes the command's link when it installs, before anything is built.
const main = new URL('dist/main.js', import.meta.url)
if (existsSync(main)) {
  await import(main.href)
} else {
  console.error('The command line is not built yet. Run this first: npm run demo')
  process.exitCode = 1
}
