import type { AnyKysely } from '@latchkey/kysely'

declare global {
  const db: AnyKysely
}
