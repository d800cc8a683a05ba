import { type AuthContext, AuthError, type AuthFeatures, type AuthTypes } from '@latchkey/core'
import type { TRPCMiddlewareFunction, TRPCRouterBuilder, TRPCRouterRecord } from '@trpc/server'
import type { AuthRouterContext } from '../context/create.ts'
import { readInputEarly } from '../context/read-early.ts'
import { isRequestAuth, readEngine } from '../context/request-auth.ts'
import { isTRPCError, toTRPCError } from '../errors.ts'
import { SIGNED_IN } from '../guards/create.ts'
import { type BaseProcedure, createProcedure } from '../guards/guard.ts'
import { asTRPCErrors } from '../live/as-trpc-errors.ts'
import { sessionChanges } from '../live/session-changes.ts'
import { readAccessToken, readId, readObject, readRefreshToken, readSignOut } from './input.ts'
import type { AuthRoot, AuthRouter } from './types.ts'

/** What the procedures are built with. */
export interface RouterParts {
  readonly router: TRPCRouterBuilder<AuthRoot>
  readonly base: BaseProcedure
  readonly features: AuthFeatures
}

export function createRouter<U extends AuthTypes>({ router, base, features }: RouterParts): AuthRouter<U> {
  const open = base.use(checkOrigin)
  const signedIn = createProcedure(base, SIGNED_IN)
  const record: TRPCRouterRecord = {
    session: base.query(({ ctx }) => ask(ctx, (auth) => auth.clientSession())),
    signIn: open
      .use(readBody)
      .input(readObject)
      .mutation(({ ctx, input }) => ask(ctx, (auth) => auth.signIn(input))),
    signOut: open
      .use(readBody)
      .input(readSignOut)
      .mutation(({ ctx, input }) => ask(ctx, (auth) => auth.signOut(input))),
    onSessionChange: base.subscription(({ ctx, signal }) =>
      asTRPCErrors(sessionChanges(readEngine(ctx), { signal, socket: readSocket(ctx) })),
    ),
    streamTicket: signedIn.mutation(({ ctx }) => ask(ctx, (auth) => auth.ticket())),
    providers: base.query(({ ctx }) => ask(ctx, (auth) => auth.providers())),
    ...(features.update && {
      updateSession: signedIn
        .use(readBody)
        .input(readObject)
        .mutation(({ ctx, input }) => ask(ctx, (auth) => auth.update(input))),
    }),
    ...(features.tokens && {
      // No origin is asked for: the token is in the body, and no browser adds it by itself.
      token: base
        .use(readBody)
        .input(readRefreshToken)
        .mutation(({ ctx, input }) => ask(ctx, (auth) => auth.refresh(input))),
      presentToken: base.input(readAccessToken).mutation(({ ctx, input }) => present(ctx, input.accessToken)),
    }),
    ...(features.sessions && {
      sessions: {
        list: signedIn.query(({ ctx }) => ask(ctx, (auth) => auth.listSessions())),
        revoke: signedIn.input(readId).mutation(({ ctx, input }) => ask(ctx, (auth) => auth.revokeSession(input.id))),
        revokeOthers: signedIn.mutation(({ ctx }) => ask(ctx, (auth) => auth.revokeOtherSessions())),
      },
    }),
  }
  // What exists is decided here by features and in the type by U (trpc-facts 24): the one mirrors the other.
  return router(record) as unknown as AuthRouter<U>
}

async function ask<T>(ctx: AuthRouterContext, question: (auth: AuthContext) => T | Promise<T>): Promise<T> {
  try {
    return await question(readEngine(ctx))
  } catch (error) {
    throw toTRPCError(error)
  }
}

function readSocket({ auth }: AuthRouterContext) {
  return isRequestAuth(auth) ? auth.socket : undefined
}

async function present(ctx: AuthRouterContext, accessToken: string | null): Promise<{ presented: boolean }> {
  const { auth } = ctx
  if (!isRequestAuth(auth)) throw toTRPCError(new AuthError('InvalidInput'))
  await auth.present(accessToken).catch((error: unknown) => {
    throw toTRPCError(error)
  })
  return { presented: accessToken !== null }
}

/** A middleware that adds nothing to the context. */
type AuthStep = TRPCMiddlewareFunction<AuthRouterContext, object, object, object, unknown>

/** Before anything of the body is read: tRPC runs a form that another site posts, and parses it first (trpc-facts 15). */
const checkOrigin: AuthStep = async ({ ctx, getRawInput, next }) => {
  readInputEarly({ ctx, getRawInput })
  await ask(ctx, (auth) => auth.checkOrigin())
  return next()
}

/**
 * A call without input has no body over `httpLink`, which tRPC takes for broken JSON. What is broken really gets a kind: a client that
 * can't write its input is told so in the way of every other refusal.
 */
const readBody: AuthStep = ({ ctx, getRawInput, next }) =>
  next({
    getRawInput: async () => {
      try {
        return await getRawInput()
      } catch (cause) {
        if (isRequestAuth(ctx.auth) && !ctx.auth.hasBody) return undefined
        // A limit of the app's own adapter, say, has its own code.
        const isBroken = !isTRPCError(cause) || cause.code === 'PARSE_ERROR' || cause.code === 'BAD_REQUEST'
        throw isBroken ? toTRPCError(new AuthError('InvalidInput', { cause })) : cause
      }
    },
  })
