import { existsSync, readFileSync } from 'node:fs'
import { describe, test } from 'vitest'
import type { ZodType } from 'zod'

/** The published attack vectors lie beside the repository, under their own licences. */
const FOLDER = new URL('../../../../../shared/vectors/', import.meta.url)

const isThere = existsSync(FOLDER)
const isRequired = process.env['REQUIRE_VECTORS'] === '1'

/** Reads a JSON file of the vectors, by the schema of what a test needs of it. */
export type ReadVectors = <T>(path: string, schema: ZodType<T>) => T

/** A suite over vectors: skipped, in so many words, if they are missing; with `REQUIRE_VECTORS=1` that is a failure. */
export function describeVectors(name: string, suite: (read: ReadVectors) => void): void {
  if (isThere || isRequired) describe(name, () => suite(read))
  else describe(name, () => test.skip('(the vectors are not here: ../shared/vectors)', () => {}))
}

function read<T>(path: string, schema: ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8')))
}
