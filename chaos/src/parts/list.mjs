import { clocks, database, network, redis } from './faults.mjs'
import { latency } from './latency.mjs'
import { pool } from './pool.mjs'
import { race } from './race.mjs'
import { rotation } from './rotation.mjs'
import { shutdown } from './shutdown.mjs'

/** What `--only` takes, in the order in which they run. */
export const PARTS = { database, redis, network, clocks, shutdown, rotation, latency, race, pool }
