import { createRandomText } from '@latchkey/core'
import type { Shared } from './shared.ts'

/** Characters of one part: the engine opens no sealed text beyond a limit, and tokens of providers have none. */
const PART = 1_900

/** Encrypts a JSON value of any size for a table. */
export async function sealParts(
  { engine }: Pick<Shared, 'engine'>,
  purpose: string,
  value: object,
  maxAge: number,
): Promise<readonly string[]> {
  const text = JSON.stringify(value)
  const [of, id] = [Math.ceil(text.length / PART), createRandomText(16)]
  const parts = Array.from({ length: of }, (_, index) => text.slice(index * PART, (index + 1) * PART))
  return Promise.all(parts.map((part, index) => engine.seal(purpose, { id, index, of, part }, maxAge)))
}

/** What {@link sealParts} has encrypted; null if any of it was changed, exchanged or left out, or has expired. */
export async function openParts<T>(
  { engine }: Pick<Shared, 'engine'>,
  purpose: string,
  sealed: readonly string[],
): Promise<T | null> {
  const parts = await Promise.all(sealed.map((text) => engine.unseal(purpose, text)))
  const [first] = parts
  const isWhole = parts.every(
    (part, index) => part?.id === first?.id && part?.index === index && part.of === parts.length,
  )
  if (!first || !isWhole) return null
  return JSON.parse(parts.map((part) => String(part?.part)).join('')) as T // nothing else is sealed for this purpose
}
