import { createPerson } from '../../callers/person.mjs'
import { served } from '../../callers/served.mjs'
import { openStream } from '../../callers/stream.mjs'
import { sleep } from '../../machines/processes.mjs'

/** Before a stream that is over is opened again. */
const PAUSE = 200

/** Two people, each with a stream at each instance, which they open again whenever it is over, as an EventSource does. */
export async function openFollowers({ instances }, balancer) {
  const followers = { opened: 0, refused: [], wrongUser: 0 }
  for (const strategy of ['jwt', 'database']) {
    const person = createPerson({ balancer, strategy, name: `follower-${strategy}` })
    await served(() => person.signIn())
    for (const instance of instances) void follow(followers, instance, person)
  }
  return followers
}

async function follow(followers, instance, person) {
  for (;;) {
    const stream = openStream(instance, 'open', person)
    const item = await stream.opened
    if (item === person.name) followers.opened++
    else if (item !== null) followers.wrongUser++
    const { kind } = await stream.over
    if (kind !== null && kind !== 'AdapterError') followers.refused.push(kind)
    await sleep(PAUSE)
  }
}

/** @returns a line for each promise that was broken */
export function findLost({ opened, refused, wrongUser }) {
  const promises = [
    [opened >= 4, 'streams are open'],
    [refused.length === 0, `no stream is refused (${refused})`],
    [wrongUser === 0, 'no stream is somebody else’s'],
  ]
  return promises.filter(([holds]) => !holds).map(([, text]) => text)
}
