import type { Engine } from '../config/engine.ts'

/**
 * Runs what follows once a sign-in has written its session. If that fails, the session must not be left.
 *
 * @param end ends what has just been written
 */
export async function endIfItFails<T>(
  { settings }: Engine,
  end: () => Promise<unknown>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    // The reason of the first failure is the one that helps.
    await end().catch((cause: unknown) => settings.logger.error('a failed sign-in could not be undone', cause))
    throw error
  }
}
