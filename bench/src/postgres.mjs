import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { openAdapter, openLatchkey } from './latchkey.mjs'
import { openBetterAuth } from './peers.mjs'

const CONNECTION = {
  host: '127.0.0.1',
  port: 5432,
  user: process.env.PGUSER ?? 'postgres',
  database: 'postgres',
  max: 4,
}

/** Both libraries on a PostgreSQL of this machine, each in a schema that goes again; null if none answers. */
export async function openPostgres() {
  const admin = new pg.Pool(CONNECTION)
  try {
    await admin.query('select 1')
  } catch {
    console.log('PostgreSQL does not answer on 127.0.0.1:5432: its rows are left out')
    await admin.end()
    return null
  }
  const schemas = ['ours', 'better'].map((name) => `bench_${name}_${randomBytes(4).toString('hex')}`)
  for (const schema of schemas) await admin.query(`create schema ${schema}`)
  const pools = schemas.map((schema) => new pg.Pool({ ...CONNECTION, options: `-c search_path=${schema}` }))
  const { adapter, close } = await openAdapter(pools[0])
  const ours = await openLatchkey({ strategy: 'database', adapter })
  const better = await openBetterAuth({ postgres: pools[1] })
  return {
    ours,
    better,
    close: async () => {
      await close()
      await pools[1].end()
      for (const schema of schemas) await admin.query(`drop schema ${schema} cascade`)
      await admin.end()
    },
  }
}
