import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuth, memoryAdapter } from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { startApp, type TestApp } from '../../../../test/support/app.ts'
import { oauth, oidc } from '../../src/index.ts'
import { CLIENT, type RealProvider, startRealProvider } from './real-provider.ts'

const SECRET = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'

export interface DeploymentOptions {
  /** Whether the stable deployment trusts the origin of the preview. By default it does. */
  readonly trusted?: boolean
  /** The preview's secret, if it isn't the stable one's. */
  readonly previewSecret?: string
  readonly responseMode?: 'form_post'
  readonly now?: number
}

/** Two deployments of one app: the provider knows the callback of the stable one only. */
export interface Deployments {
  readonly op: RealProvider
  readonly stableOrigin: string
  readonly preview: TestApp
  readonly stop: () => Promise<void>
}

export async function openDeployments(options: DeploymentOptions = {}): Promise<Deployments> {
  const { trusted = true, previewSecret = SECRET, responseMode, now } = options
  const op = await startRealProvider()
  let handle: RequestListener = (_, res) => res.writeHead(503).end()
  const server = createServer((req, res) => handle(req, res))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stableOrigin = `http://localhost:${(server.address() as AddressInfo).port}` // it listens on a port
  const plugins = () => [
    oauth([oidc({ id: 'op', issuer: op.issuer, ...CLIENT, responseMode })], { callbackOrigin: stableOrigin }),
  ]
  const preview = await startApp({
    adapter: memoryAdapter(),
    plugins: plugins(),
    secret: previewSecret,
    ...(now !== undefined && { now }),
  })
  const stable = createAuth({
    secret: SECRET,
    baseUrl: stableOrigin,
    adapter: memoryAdapter(),
    trustedOrigins: trusted ? [preview.origin] : [],
    logger: { error: () => {}, warn: () => {} },
    plugins: plugins(),
  })
  handle = toNodeHandler(stable.handler)
  op.register([`${stableOrigin}/auth/callback/op`])
  return {
    op,
    stableOrigin,
    preview,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await Promise.all([preview.stop(), stable.close(), op.stop()])
    },
  }
}
