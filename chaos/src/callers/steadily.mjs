import { sleep } from '../machines/processes.mjs'

/** Calls so many times a second until then, whether answers keep up or not. @returns what every call got */
export async function callSteadily(perSecond, until, call) {
  const begun = performance.now()
  const calls = []
  while (performance.now() < until) {
    calls.push(call())
    await sleep(begun + (calls.length * 1_000) / perSecond - performance.now())
  }
  return Promise.all(calls)
}
