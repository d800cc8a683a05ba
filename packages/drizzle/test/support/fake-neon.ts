import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { DatabaseError, Pool } from 'pg'

/** Answers as Neon's endpoint for SQL over HTTP does, from a PostgreSQL here: each statement by itself, values as text. */
export async function startFakeNeon(connectionString: string) {
  const pool = new Pool({ connectionString })
  const server = createServer((request, response) => {
    const answer = async () => {
      const { query, params }: { query: string; params: unknown[] } = JSON.parse(await text(request))
      try {
        const types = { getTypeParser: () => (value: unknown) => value }
        const { command, rowCount, rows, fields } = await pool.query({
          text: query,
          values: params,
          rowMode: 'array',
          types,
        })
        response.end(JSON.stringify({ command, rowCount, rows, fields, rowAsArray: true }))
      } catch (error) {
        const { code, message } = error instanceof DatabaseError ? error : { code: 'XX000', message: String(error) }
        response.writeHead(400).end(JSON.stringify({ code, message }))
      }
    }
    void answer()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sql`, // it listens on a port
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await pool.end()
    },
  }
}
