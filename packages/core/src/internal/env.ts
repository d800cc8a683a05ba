/** An environment variable, if this runtime has them and lets us read them. Deno throws without `--allow-env`; Workers may have no `process`. */
export function readEnv(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } } // core compiles without Node's types
  try {
    return process?.env?.[name]
  } catch {
    return undefined
  }
}
