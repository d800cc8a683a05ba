import { sleep } from '../../machines/processes.mjs'

/** What is killed next, without an end: each of them once in an order that `random` decides, and so on. */
export function* listKills(cluster, random) {
  for (;;) {
    const kills = killsOf(cluster)
    while (kills.length > 0) yield kills.splice(Math.floor(random() * kills.length), 1)[0]
  }
}

/** What may be killed. `run` takes how long it stays away, in milliseconds, and returns when it is back. */
function killsOf({ database, redis, instances }) {
  return [
    { name: database.name, run: (away) => replace(database.kill, away, database.restart) },
    { name: redis.name, run: (away) => replace(redis.kill, away, redis.restart) },
    ...instances.map((instance) => ({
      name: `instance ${instance.name}`,
      run: (away) =>
        replace(
          () => instance.end('SIGKILL'),
          away,
          () => instance.start(),
        ),
    })),
  ]
}

async function replace(kill, away, start) {
  await kill()
  await sleep(away)
  await start()
}
