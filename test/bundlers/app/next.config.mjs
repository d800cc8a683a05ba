import { join } from 'node:path'

// Next itself lies in a folder above.
const root = join(import.meta.dirname, '..')

export default {
  output: 'standalone',
  distDir: process.env.DIST_DIR,
  outputFileTracingRoot: root,
  turbopack: { root },
}
