import { createServer } from 'node:http'
import { createAuth, credentials } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { kyselyAdapter } from '@latchkey/kysely'
import { z } from 'zod'
import { BUSES, openStore } from './stores.mjs'

// One instance of an app, in a process of its own. jwt sessions: it asks its store about them only every five minutes.

const [, , name, address] = process.argv
const { store, open } = BUSES[name]
const connections = await openStore(store, address)
const auth = createAuth({
  secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
  baseUrl: 'http://localhost:3000',
  adapter: kyselyAdapter(connections.db),
  bus: open(connections),
  session: { strategy: 'jwt' },
  tokens: { enabled: true },
  limits: { signIn: false },
  providers: [
    credentials({
      input: z.object({ name: z.string() }),
      identify: ({ name }) => name,
      authorize: ({ name }) => ({ id: name, name }),
    }),
  ],
})
const server = createServer(toNodeHandler(auth.handler))
server.listen(0, '127.0.0.1', () => process.send({ origin: `http://127.0.0.1:${server.address().port}` }))

process.once('disconnect', () => process.exit())
process.once('SIGTERM', async () => {
  await auth.close()
  await connections.db.destroy()
  process.exit()
})
