declare global {
  function ordersOf(
    userId: string,
    options: { readonly signal: AbortSignal | undefined },
  ): AsyncIterable<{ readonly id: string }>
}
