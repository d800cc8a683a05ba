import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  __proto__: null as never, // a file's extension finds nothing that isn't listed here
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/**
 * Serves the built client from memory. The files are read once at the start and a request only picks one of them by its exact
 * path, so no path from outside ever reaches the file system.
 */
export function createPages(folder: string): (req: IncomingMessage, res: ServerResponse, path: string) => void {
  const files = readFiles(folder)
  const index = files.get('/index.html')
  if (!index) throw new Error(`${folder} holds no built client: run \`npm run build\` first`)
  return (req, res, path) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return refuse(res, 405)
    // The client has pages of its own under any name without a dot; what has one is a file, or isn't here.
    const file = files.get(path) ?? (path.includes('.') ? undefined : index)
    if (!file) return refuse(res, 404)
    res.setHeader('Content-Type', file.type)
    res.setHeader('Content-Length', file.body.length)
    res.setHeader('Cache-Control', file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    res.end(req.method === 'HEAD' ? undefined : file.body)
  }
}

interface StaticFile {
  readonly body: Buffer
  readonly type: string
  /** Its name changes with its content. */
  readonly isHashed: boolean
}

function readFiles(folder: string): ReadonlyMap<string, StaticFile> {
  if (!existsSync(folder)) return new Map()
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const path = `/${relative(folder, file).split(sep).join('/')}`
      const type = TYPES[extname(file)] ?? 'application/octet-stream'
      return [path, { body: readFileSync(file), type, isHashed: path.startsWith('/assets/') }]
    }),
  )
}

function refuse(res: ServerResponse, status: 404 | 405): void {
  res.statusCode = status
  if (status === 405) res.setHeader('Allow', 'GET, HEAD')
  res.setHeader('Content-Type', 'text/plain; charset=utf-8')
  res.end(status === 404 ? 'There is nothing here.' : 'Only GET and HEAD work here.')
}
