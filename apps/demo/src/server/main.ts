// Loads the server when it runs and not before, so that whatever is wrong with its environment is said in a sentence, too.
import('./serve.ts').then(({ start }) => start()).catch(fail)

function fail(error: unknown): void {
  console.error(describe(error))
  process.exit(1)
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, port } = error as Error & { readonly code?: string; readonly port?: number } // as Node's errors of a socket have them
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Stop what listens there, or take another: PORT=3001 npm run demo`
  if (code === 'EACCES' && port) return `Port ${port} needs privileges. Take another: PORT=3001 npm run demo`
  return error.message
}
