import { randomBytes } from 'node:crypto'
import pg from 'pg'

const CONNECTION = {
  host: '127.0.0.1',
  port: 5432,
  user: process.env.PGUSER ?? 'postgres',
  database: 'postgres',
}
const SERVER = process.env.POSTGRES_URL ? { connectionString: process.env.POSTGRES_URL } : CONNECTION

/** A schema on a PostgreSQL of this machine, which goes again with its pools; null if none answers. */
export async function openSchema() {
  const admin = new pg.Pool({ ...SERVER, max: 1 })
  const schema = `bench_${randomBytes(4).toString('hex')}`
  try {
    await admin.query(`create schema ${schema}`)
  } catch (error) {
    console.error(`PostgreSQL: ${error.message || error.code}. Its rows are left out.`)
    await admin.end()
    return null
  }
  const pools = []
  return {
    connect: ({ max = 1 } = {}) => {
      const pool = new pg.Pool({ ...SERVER, max, options: `-c search_path=${schema}` })
      pools.push(pool)
      return pool
    },
    close: async () => {
      for (const pool of pools) if (!pool.ended) await pool.end()
      await admin.query(`drop schema ${schema} cascade`)
      await admin.end()
    },
  }
}
