/**
 * Whether `next build` runs the app's modules: without the environment that it is deployed to, so that what comes from there isn't looked at yet.
 * The server evaluates them again when it starts.
 */
export function isBuilding(): boolean {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } } // this compiles without Node's types
  try {
    return process?.env?.['NEXT_PHASE'] === 'phase-production-build'
  } catch {
    return false // Deno, without leave to read the environment
  }
}
