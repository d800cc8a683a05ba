import { auth } from '../../lib/v5'
import { Client } from './client'

export default async function Page() {
  const session = await auth()
  return <Client rendered={session?.user?.email ?? 'nobody'} />
}
