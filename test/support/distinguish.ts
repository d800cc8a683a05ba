/** How well the time of a call tells two cases apart. */
export interface Difference {
  /** The chance that a call of the second case takes longer than one of the first (Mann-Whitney): 0.5 if the time tells nothing. */
  readonly auc: number
  /** Milliseconds: the median of the differences within the pairs, so that a machine that gets slower meanwhile changes nothing. */
  readonly median: number
  /** The larger median, in milliseconds. */
  readonly slower: number
}

/** Milliseconds of calls of two cases, taken in turns and in a random order within each pair, after some that aren't counted. */
export async function distinguish(
  cases: readonly [() => Promise<unknown>, () => Promise<unknown>],
  { pairs, warmUps }: { readonly pairs: number; readonly warmUps: number },
): Promise<Difference> {
  const times: readonly [number[], number[]] = [[], []]
  for (let pair = -warmUps; pair < pairs; pair++) {
    for (const index of Math.random() < 0.5 ? ([0, 1] as const) : ([1, 0] as const)) {
      const began = performance.now()
      await cases[index]()
      if (pair >= 0) times[index].push(performance.now() - began)
    }
  }
  const medians = times.map(readMedian)
  return {
    auc: readAuc(...times),
    median: Math.abs(readMedian(times[0].map((time, pair) => time - (times[1][pair] ?? 0)))),
    slower: Math.max(...medians),
  }
}

function readMedian(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}

function readAuc(first: readonly number[], second: readonly number[]): number {
  let wins = 0
  for (const a of first) for (const b of second) wins += b > a ? 1 : b === a ? 0.5 : 0
  return wins / (first.length * second.length)
}
