import ts from 'typescript'
import { expect, test } from 'vitest'
import { type AppForm, compileApp, emitDeclarations } from './support/app.ts'

/**
 * What the same app cost at 1b36213, before the configuration could have a name and when every type of the library carried all of it:
 * measured there by this test, with TypeScript 5.9.3, tRPC 11.22.1 and zod 4.6.7. Plug-ins, operations and whatever comes next have to fit in.
 */
const BEFORE = { instantiations: 30_837, declarations: 12_582 }

test("an app's types take no more work than before its configuration had a name", () => {
  expect(sizes.named.instantiations).toBeLessThanOrEqual(BEFORE.instantiations)
  // Without the name everything is written out wherever it is used, which may take 5 % more.
  expect(sizes.unnamed.instantiations).toBeLessThanOrEqual(BEFORE.instantiations * 1.05)
})

test("a name for the configuration takes about a third of the app's declarations away", () => {
  // Members have names now and take a few letters more; 34 % less with the name for all of it.
  expect(sizes.unnamed.declarations).toBeLessThanOrEqual(BEFORE.declarations * 1.02)
  expect(sizes.named.declarations).toBeLessThanOrEqual(sizes.unnamed.declarations * 0.68)
})

const sizes = { named: measure('named'), unnamed: measure('unnamed') }

function measure(form: AppForm) {
  const program = compileApp(form)
  const problems = ts.getPreEmitDiagnostics(program)
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
  return { instantiations: program.getInstantiationCount(), declarations: emitDeclarations(program).length }
}
