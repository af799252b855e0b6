/**
 * The app for the tests of one file: a hub that serves it, and browsers, opened before the first and closed behind the last.
 *
 *     const app = withApp(async ({ world, use }) => { bea = use(await openFriend(world)) })
 *     test('…', async () => { const ada = await app.browsers.arrive(app.world) })
 *
 * @module
 */
import { afterAll, beforeAll } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { type Browsers, openBrowsers } from './person.ts'
import { type AppWorld, openAppWorld } from './world.ts'

/** Usable from the first test on. */
export interface App {
  readonly world: AppWorld
  readonly browsers: Browsers
  /** Ends with the app. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource
}

/** What waits on a hub and on a browser that has just begun may take this long on a loaded machine. */
const openingMs = 180_000

/**
 * `prepare` runs once, before the first test; `changes` are settings of the hub. Where there is no browser nothing is opened:
 * such a file skips its tests.
 */
export function withApp(
  prepare: (app: App) => Promise<void> = async () => {},
  changes: Parameters<typeof openAppWorld>[0] = {},
): App {
  const owned = new AsyncDisposableStack()
  let opened: Omit<App, 'use'> | null = null
  const current = (): Omit<App, 'use'> => {
    if (opened === null) throw new Error('the app is open from the first test on, not before')
    return opened
  }
  const app: App = {
    get world() {
      return current().world
    },
    get browsers() {
      return current().browsers
    },
    use: (resource) => owned.use(resource),
  }
  beforeAll(async () => {
    if (noBrowser !== null) return
    const world = owned.use(await openAppWorld(changes))
    opened = { world, browsers: owned.use(await openBrowsers()) }
    await prepare(app)
  }, openingMs)
  afterAll(() => owned.disposeAsync())
  return app
}
