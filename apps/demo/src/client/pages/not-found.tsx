import { Link } from '../navigation.tsx'
import { Page } from '../ui/page.tsx'

export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <p>
        The address may be mistyped. <Link href="/">Go to the first page</Link>
      </p>
    </Page>
  )
}
