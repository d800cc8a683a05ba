export const checkPassword = ({ email, password }: { email: string; password: string }) =>
  password === 'right' ? { id: email, email } : null
