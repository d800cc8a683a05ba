declare global {
  const form: { readonly email: string; readonly password: string }
}
