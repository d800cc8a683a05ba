import { sleep } from '../machines/processes.mjs'

const TIMES = 20
const PAUSE = 250

/**
 * Asks until it is served: for what a scenario needs before it begins, on a machine that is busy with other work too.
 *
 * @throws if it is refused for another reason than that the service is unavailable
 */
export async function served(ask) {
  for (let time = 0; time < TIMES; time++) {
    const answer = await ask()
    if (answer.status === 200) return answer
    if (answer.status !== 503) throw new Error(`${answer.path}: ${answer.status} ${answer.kind}`)
    await sleep(PAUSE)
  }
  throw new Error('the service stays unavailable')
}
