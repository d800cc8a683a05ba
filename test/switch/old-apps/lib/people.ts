/** Who has an account, with the password "right". */
const PEOPLE = ['ann', 'bob', 'eve', 'dan']

export function authorize(credentials: { email?: unknown; password?: unknown } | undefined) {
  const [id] = String(credentials?.email).split('@')
  if (!PEOPLE.includes(id) || credentials?.password !== 'right') return null
  return { id, name: id, email: `${id}@example.com` }
}

/** A provider whose pages ask nothing: whoever comes is signed in. */
export const idp = {
  id: 'idp',
  name: 'IdP',
  type: 'oauth' as const,
  clientId: 'old-app',
  clientSecret: 'secret of the old app',
  authorization: `${process.env.IDP_URL}/authorize?scope=profile`,
  token: `${process.env.IDP_URL}/token`,
  userinfo: `${process.env.IDP_URL}/userinfo`,
  profile: (profile: { sub: string; name: string; email: string }) => ({
    id: profile.sub,
    name: profile.name,
    email: profile.email,
    image: null,
  }),
}
