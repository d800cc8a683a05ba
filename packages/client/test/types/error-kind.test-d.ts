import { type AuthErrorKind, createAuth, definePlugin } from '@latchkey/core'
import { createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { expectTypeOf, test } from 'vitest'
import { readErrorKind } from '../../src/index.ts'

const invitations = definePlugin({
  id: 'invitation',
  errors: { InvitationUsed: { code: 'FORBIDDEN', message: 'This invitation was used.' } },
  setup: () => ({}),
})
const kit = createAuthRouter(createAuth({ secret: 'any', plugins: [invitations] }))
const withKinds = initTRPC.create({ errorFormatter: kit.authErrorFormatter }).router({})
const withoutFormatter = initTRPC.create().router({})

declare const error: unknown

test('the kinds are the library’s, and those of a router’s plug-ins if it is named', () => {
  expectTypeOf(readErrorKind(error)).toEqualTypeOf<AuthErrorKind | undefined>()
  expectTypeOf(readErrorKind<typeof withKinds>(error)).toEqualTypeOf<AuthErrorKind | 'InvitationUsed' | undefined>()
  expectTypeOf(readErrorKind<typeof withoutFormatter>(error)).toEqualTypeOf<AuthErrorKind | undefined>()
})
