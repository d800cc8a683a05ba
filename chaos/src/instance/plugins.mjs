/** Passwords, for the instance that is to hash them: without mails, so that whoever signs up has an account at once. */
export async function openPlugins({ hasPasswords }) {
  if (!hasPasswords) return []
  const { password } = await import('@latchkey/password')
  return [password({ verify: false, send: () => {} })]
}
