import { expect, test } from 'vitest'
import { BOUNDS, simulate } from './simulate.ts'

// A hundred instances over a bus that loses, doubles and reorders messages, with clocks that are wrong by up to a minute, partitions, restarts
// and outages of the store. `npm run simulate -- --runs 10000` plays more, and `--seed <n> --runs 1` plays one again.

const RUNS = Number(process.env.SIMULATE_RUNS ?? 30)
const FIRST = Number(process.env.SIMULATE_SEED ?? 1)

test(
  `X08 in ${RUNS} simulated networks an end is known within its bounds, and nobody else is signed out`,
  { timeout: 10_800_000 },
  async () => {
    const worst = { told: 0, always: 0 }
    let requests = 0
    for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
      const result = await simulate(seed)
      expect(result.broken, `npm run simulate -- --seed ${seed} --runs 1`).toEqual([])
      requests += result.requests
      worst.told = Math.max(worst.told, result.worst.told)
      worst.always = Math.max(worst.always, result.worst.always)
    }
    // They come close, or the simulation would prove nothing.
    console.log(
      `${RUNS} runs from seed ${FIRST}, ${requests} requests. Latest admission after an end, in ms:`,
      worst,
      'of',
      BOUNDS,
    )
    expect(worst.told).toBeGreaterThan(500)
  },
)

test('the same seed plays the same', async () => {
  expect(await simulate(7)).toMatchObject({ requests: (await simulate(7)).requests, worst: (await simulate(7)).worst })
})
