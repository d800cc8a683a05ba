import type { MountedOperation } from '../contract/operation.ts'

/** Performs an operation that a method was called for. */
type PerformMethod<TContext> = (context: TContext, operation: MountedOperation, input: unknown) => Promise<unknown>

/**
 * Gives a prototype a method for each operation: `context.signOut(input)`, `context.sessions.list()`. They are getters, so that nothing is
 * made for a request that doesn't ask, and a method may be destructured.
 */
export function defineMethods<TContext extends object>(
  prototype: TContext,
  operations: readonly MountedOperation[],
  perform: PerformMethod<TContext>,
): void {
  for (const [name, member] of toTree(operations)) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: false,
      get(this: TContext) {
        return bind(this, member, perform)
      },
    })
  }
}

type Tree = Map<string, MountedOperation | Tree>

function toTree(operations: readonly MountedOperation[]): Tree {
  const tree: Tree = new Map()
  for (const mounted of operations) {
    if (!mounted.server) continue
    const groups = mounted.server.slice(0, -1)
    const group = groups.reduce(openGroup, tree)
    group.set(mounted.server.at(-1) ?? '', mounted)
  }
  return tree
}

function openGroup(tree: Tree, name: string): Tree {
  const known = tree.get(name)
  if (known instanceof Map) return known
  const group: Tree = new Map()
  tree.set(name, group)
  return group
}

function bind<TContext>(context: TContext, member: MountedOperation | Tree, perform: PerformMethod<TContext>): unknown {
  if (!(member instanceof Map)) {
    const run = (input: unknown) => perform(context, member, input)
    return member.operation.type === 'subscription' ? (input: unknown) => iterate(() => run(input)) : run
  }
  return Object.fromEntries([...member].map(([name, inner]) => [name, bind(context, inner, perform)]))
}

/** A subscription begins when it is read. */
async function* iterate(begin: () => Promise<unknown>): AsyncGenerator<unknown, void, undefined> {
  yield* (await begin()) as AsyncIterable<unknown> // what the operation's type says
}
