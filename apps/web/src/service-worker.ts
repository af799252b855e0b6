/**
 * The app without a network: its own files are kept whole, one release at a time, and a new one waits until the person
 * says so (`SKIP_WAITING`).
 *
 * @module
 */
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

interface WorkerScope {
  readonly __WB_MANIFEST: readonly { readonly url: string; readonly revision: string | null }[]
  readonly skipWaiting: () => Promise<void>
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void
}

declare const self: WorkerScope

/** What the hub answers itself: never the app. */
const ofTheHub = [/^\/(admin|i|hub|healthz|readyz|metrics|effigy|\.well-known)(\/|$)/]

cleanupOutdatedCaches()
precacheAndRoute([...self.__WB_MANIFEST])
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: ofTheHub }))

self.addEventListener('message', ({ data }) => {
  if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'SKIP_WAITING')
    void self.skipWaiting()
})
