import { provider } from '@latchkey/core'
import { z } from 'zod'

export const EMAIL = 'ann@example.com'
export const GOOD = 'correct horse battery staple'

/** Whoever has shown that mail reaches them. */
export const proven = provider({
  id: 'mail',
  type: 'email',
  input: z.object({ email: z.string() }),
  begin: ({ email }) => ({ email, create: { email } }),
})
