export const checkPassword = (input: { email: string; password: string }) =>
  input.password === 'right' ? { id: input.email, email: input.email } : null
