import { signIn } from '../../journey.mjs'

export const dynamic = 'force-dynamic'

export async function GET() {
  return new Response(await signIn())
}
