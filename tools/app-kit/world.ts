/**
 * A real hub that serves the built app, for tests and pictures of it.
 *
 *     buildWeb ─▶ apps/web/dist ─▶ hub on a loopback port ─▶ openPerson (person.ts)
 *
 * @module
 */
import { fileURLToPath } from 'node:url'
import { openApp, type ServedApp } from '../../apps/hub/src/app/served-app.ts'
import type { HubConfig } from '../../apps/hub/src/config/options.ts'
import { buildWeb } from '../build-web.mjs'
import { type HubWorld, openHub } from '../figures/hub-world.ts'

export interface AppWorld extends HubWorld {
  /** Of the app, with a slash at its end. */
  readonly origin: string
  /** From now on the hub serves another release of the app, which differs in nothing that anybody sees. */
  release(): void
  /** An invite by the hub itself, for so many. */
  invite(count?: number): Promise<string>
  /** Ends with the world. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource
}

const dist = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))

/** Operator's key of every world. */
export const adminKey: Uint8Array = new Uint8Array(32).fill(7)

export async function openAppWorld(changes: Partial<HubConfig> = {}): Promise<AppWorld> {
  if (buildWeb() !== 0) throw new Error('the web app does not build')
  const owned = new AsyncDisposableStack()
  let app = openApp(dist)
  const served: ServedApp = {
    file: (path, headers) => app.file(path, headers),
    page: (headers) => app.page(headers),
  }
  const world = owned.use(await openHub(changes, undefined, { app: served, adminKey }))
  return {
    ...world,
    release() {
      app = nextRelease(app)
    },
    origin: `http://127.0.0.1:${world.hub.port}/`,
    async invite(count = 1) {
      const made = await world.hub.joining.invite({ url: world.url, count, lastsMs: 3_600_000 })
      if (made === null) throw new Error('the hub makes no invites')
      return made.link
    },
    use: (resource) => owned.use(resource),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Browsers take a service worker for another one when its bytes differ. */
function nextRelease(app: ServedApp): ServedApp {
  return {
    page: (headers) => app.page(headers),
    file(path, headers) {
      const answer = path === '/service-worker.js' ? app.file(path, {}) : null
      if (answer === null) return app.file(path, headers)
      const { ETag: _, ...own } = answer.headers ?? {}
      return { ...answer, headers: own, body: `${Buffer.from(answer.body)}\n// the next release\n` }
    },
  }
}
