/** A place in the middle of something, which lets everybody through until it is told to hold up the next. */
export function openGate() {
  let hold: { readonly reached: () => void; readonly released: Promise<void> } | undefined
  return {
    pass: async (): Promise<void> => {
      const held = hold
      hold = undefined
      held?.reached()
      await held?.released
    },
    holdNext: () => {
      let reached = () => {}
      let release = () => {}
      const released = new Promise<void>((resolve) => (release = resolve))
      const isReached = new Promise<void>((resolve) => (reached = resolve))
      hold = { reached, released }
      return { isReached, release }
    },
  }
}
