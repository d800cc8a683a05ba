import ts from 'typescript'
import { expect, test } from 'vitest'
import { emitDeclarations, OPTIONS, pathOf } from './support/app.ts'

const APP = `
import { createAuth, definePlugin, provider, signInMutation } from '@latchkey/core'
import { z } from 'zod'

const steps = definePlugin({
  id: 'steps',
  setup: () => ({
    factors: { code: { isDue: () => true } },
    providers: [
      provider({
        id: 'letter',
        input: z.object({ to: z.string() }),
        identify: null,
        begin: () => ({ answer: { status: 'posted' } }),
      }),
    ],
    operations: {
      verify: signInMutation({
        input: z.object({ challenge: z.string() }),
        run: async (call, { challenge }) => call.finish(await call.pending(challenge), 'code'),
      }),
    },
  }),
})
export const auth = createAuth({ secret: 'any', tokens: { enabled: true }, plugins: [steps] })
`

test('declarations say what a plug-in adds to a sign-in, and not how that is computed', () => {
  const text = emitDeclarations(compile(APP))
  const answers = /answers: ([^]+?);\n {4}sessions/.exec(text)?.[1]?.replaceAll(/\s+/g, ' ')
  const members = answers?.split(' | ').toSorted() // in which order, the compiler decides
  expect(members).toEqual(['import("@latchkey/core").Challenge<"code">', '{ readonly status: "posted"; }'])
  expect(text).toMatch(/signIn: \{\s+readonly provider: "letter";/)
  expect(text).not.toMatch(/isDue|begin|SignInOf|AnswersOf/)
})

function compile(source: string): ts.Program {
  const path = pathOf('with-a-plug-in.ts')
  const host = ts.createCompilerHost(OPTIONS)
  const program = ts.createProgram([path], OPTIONS, {
    ...host,
    getSourceFile: (name, version, ...rest) =>
      name === path ? ts.createSourceFile(name, source, version) : host.getSourceFile(name, version, ...rest),
  })
  const problems = ts.getPreEmitDiagnostics(program)
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
  return program
}
