// Next runs it once, before the first request, in each runtime that it has.
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { migrate } = await import('./journey.mjs')
  await migrate()
}
