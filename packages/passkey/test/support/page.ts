// The script of the page that the browser's test opens: the client as apps use it, on the window.
import { authLink } from '@latchkey/client'
import * as passkeys from '@latchkey/passkey/client'
import { createTRPCClient, httpLink } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'

const client = createTRPCClient<AnyTRPCRouter>({ links: [authLink({ url: '/trpc' }), httpLink({ url: '/trpc' })] })

Object.assign(window, { client, passkeys })
