import { boundedSuperjson } from '@latchkey/superjson'
import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink, type TRPCLink } from '@trpc/client'
import { initTRPC, type inferRouterInputs, type inferRouterOutputs } from '@trpc/server'
import superjson, { SuperJSON } from 'superjson'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const Input = z.object({ at: z.date(), tags: z.set(z.string()), size: z.bigint() })
const answer = ({ input }: { readonly input: z.infer<typeof Input> }) => ({
  ...input,
  note: undefined as string | undefined,
})

const t = initTRPC.create({ transformer: boundedSuperjson(superjson) })
const bounded = t.router({ save: t.procedure.input(Input).mutation(answer) })
type Bounded = typeof bounded

const u = initTRPC.create({ transformer: superjson })
const plain = u.router({ save: u.procedure.input(Input).mutation(answer) })

test('a router is the same router as with superjson itself', () => {
  expectTypeOf<inferRouterInputs<Bounded>>().toEqualTypeOf<inferRouterInputs<typeof plain>>()
  expectTypeOf<inferRouterOutputs<Bounded>>().toEqualTypeOf<inferRouterOutputs<typeof plain>>()
  expectTypeOf<inferRouterOutputs<Bounded>['save']>().toEqualTypeOf<{
    at: Date
    tags: Set<string>
    size: bigint
    note: string | undefined
  }>()
})

test('every link takes it, and takes superjson for a server that has it', async () => {
  const url = '/trpc'
  for (const transformer of [superjson, boundedSuperjson(superjson)]) {
    const links: TRPCLink<Bounded>[] = [
      httpLink({ url, transformer }),
      httpBatchLink({ url, transformer }),
      httpBatchStreamLink({ url, transformer }),
    ]
    const client = createTRPCClient<Bounded>({ links })
    const saved = await client.save.mutate({ at: new Date(), tags: new Set(['a']), size: 1n })
    expectTypeOf(saved.at).toEqualTypeOf<Date>()
  }
  // @ts-expect-error the server has a transformer, so the link must have one
  httpBatchLink<Bounded>({ url })
})

test('it takes superjson or an instance, and its one option', () => {
  boundedSuperjson(superjson)
  boundedSuperjson(new SuperJSON({ dedupe: true }), { maxSteps: 1000 })
  // @ts-expect-error JSON writes text, and superjson objects
  boundedSuperjson(JSON)
  // @ts-expect-error which superjson?
  boundedSuperjson()
  // @ts-expect-error there is no such option
  boundedSuperjson(superjson, { maxAnnotations: 1000 })
  // @ts-expect-error steps are counted
  boundedSuperjson(superjson, { maxSteps: '1000' })
})
