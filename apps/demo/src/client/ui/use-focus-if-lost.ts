import { type RefObject, useEffect } from 'react'

/** Takes the focus when this appears in the place of what had it: a button that is gone leaves its focus nowhere. */
export function useFocusIfLost(target: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body)
      target.current?.focus({ preventScroll: true })
  }, [target])
}
