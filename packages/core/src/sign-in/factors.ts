import { runCallback } from '../config/run-callbacks.ts'
import type { StartParams } from '../session/strategy.ts'
import type { SignInEngine, SignInRequest } from './engine.ts'

/** The names of the second factors that this sign-in must take one of. What a factor returns by mistake counts as due. */
export async function findDueFactors(
  { plugins }: SignInEngine,
  { user, account, amr }: Pick<StartParams, 'user' | 'account' | 'amr'>,
  { open }: Pick<SignInRequest, 'open'>,
): Promise<readonly string[]> {
  const due: string[] = []
  for (const [name, { plugin, part }] of plugins.factors) {
    const isDue: unknown = await runCallback(() => part.isDue({ user, account, amr }, open(plugin)))
    if (isDue !== false) due.push(name)
  }
  return due
}
