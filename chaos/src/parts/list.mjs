import { clocks, database, network, redis } from './faults.mjs'
import { latency } from './latency.mjs'
import { load } from './load.mjs'
import { partition } from './partition.mjs'
import { pool } from './pool.mjs'
import { race } from './race.mjs'
import { release } from './release.mjs'
import { rotation } from './rotation.mjs'
import { shutdown } from './shutdown.mjs'
import { soak } from './soak.mjs'
import { stateless } from './stateless.mjs'

/** What `--only` takes, in the order in which they run. */
export const PARTS = {
  database,
  stateless,
  redis,
  network,
  clocks,
  shutdown,
  release,
  rotation,
  latency,
  partition,
  race,
  pool,
  load,
  soak,
}
