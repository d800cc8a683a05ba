import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { type AppOptions, startApp, type TestApp } from '../../../../../test/support/app.ts'
import { listStores, type OpenStore } from '../../../../../test/support/stores.ts'
import { describeWith } from '../../../../kysely/test/services.ts'
import { house, type House } from './house.ts'

/** An app with the plug-in of these tests. */
export interface Lab extends TestApp {
  readonly kept: House
  readonly store: OpenStore['adapter']
}

export type OpenLab = (
  options?: Partial<AppOptions> & { readonly hasWays?: boolean; readonly plugins?: AppOptions['plugins'] },
) => Promise<Lab>

/** The same tests on every store: one database for all of them, and an app for each. */
export async function describeEachStore(name: string, suite: (open: OpenLab) => void): Promise<void> {
  for (const { name: storeName, service, open } of await listStores([])) {
    const run = () => suite(openApps(open))
    if (service) describeWith(service, `${name} on ${storeName}`, run)
    else describe(`${name} on ${storeName}`, run)
  }
}

function openApps(open: () => Promise<OpenStore>): OpenLab {
  let store: OpenStore
  const apps: TestApp[] = []
  beforeAll(async () => void (store = await open()))
  afterAll(() => store?.close())
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop()
  })
  return async ({ hasWays = true, plugins = [], ...options } = {}) => {
    const { plugin, kept } = house({ hasWays })
    const app = await startApp({ adapter: store.adapter, plugins: [plugin, ...plugins], ...options })
    apps.push(app)
    return { ...app, kept, store: store.adapter }
  }
}
