import type { Operation } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { Announcer } from './announcer.ts'
import type { Results } from './operation.ts'

/** An app's operation where a cookie is the session: sent as it is. What says that there is no session any more is passed on. */
export function runWithCookie(next: (op: Operation) => Results, announcer: Announcer, op: Operation): Results {
  return observable((observer) =>
    next(op).subscribe({
      next: (envelope) => observer.next(envelope),
      complete: () => observer.complete(),
      error: (error) => {
        announcer.refused(error)
        observer.error(error)
      },
    }),
  )
}
