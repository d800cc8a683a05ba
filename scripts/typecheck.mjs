import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'

// Tests are checked too, each folder by its own tsconfig; `tsc -b` has checked the sources.
const projects = [
  ...readdirSync('packages').map((name) => `packages/${name}/test`),
  'apps/demo/test',
  'examples/cli/test',
  'test',
].filter((folder) => existsSync(`${folder}/tsconfig.json`))
for (const project of projects) {
  console.log(`tsc -p ${project}`)
  execFileSync('npx', ['tsc', '-p', project], { stdio: 'inherit' })
}
