/**
 * The app without a network, and what other apps share with it: its own files are kept whole, one release at a time, and a new one waits until the person
 * says so (`SKIP_WAITING`).
 *
 * @module
 */
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

interface WorkerScope {
  readonly __WB_MANIFEST: readonly { readonly url: string; readonly revision: string | null }[]
  readonly skipWaiting: () => Promise<void>
  addEventListener(
    type: 'activate',
    listener: (event: { waitUntil(work: Promise<unknown>): void }) => void,
  ): void
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
  addEventListener(type: 'notificationclick', listener: (event: NotificationClick) => void): void
  readonly clients: {
    matchAll(options: { readonly type: 'window' }): Promise<readonly WindowOfApp[]>
    openWindow(url: string): Promise<unknown>
    claim(): Promise<void>
  }
}

interface WindowOfApp {
  focus(): Promise<unknown>
  postMessage(message: unknown): void
}

interface NotificationClick {
  readonly notification: { readonly data: unknown; close(): void }
  waitUntil(work: Promise<unknown>): void
}

interface FetchEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

declare const self: WorkerScope

/** What the hub answers itself: never the app. */
const ofTheHub = [/^\/(admin|i|hub|healthz|readyz|metrics|effigy|\.well-known)(\/|$)/]

/** As `app/shared.ts` takes it. */
const sharedCache = 'effigy-shared'
const sharedFrom = 'effigy-from'

// Before the routes below: a system hands over what a person shares by a POST.
self.addEventListener('fetch', (event) => {
  const { method, url } = event.request
  if (method === 'POST' && new URL(url).pathname === '/share') event.respondWith(keepShared(event.request))
})

/**
 * Nothing leaves this browser: the screen that writes takes it out of the cache, and asks first. Any page can send such a form, and
 * whether it is one or the system nobody tells a worker: only a page that hides where it comes from looks like the system.
 */
async function keepShared(request: Request): Promise<Response> {
  try {
    const cache = await caches.open(sharedCache)
    const headers = new Headers(request.headers)
    headers.set(sharedFrom, originOf(request.referrer))
    await cache.put('/share', new Response(await request.blob(), { headers }))
  } catch {
    // No room: the screen opens without it.
  }
  return Response.redirect('/new', 303)
}

/** Empty: no page said that it sent this. */
function originOf(referrer: string): string {
  const url = URL.parse(referrer)
  return url === null || url.origin === 'null' || url.origin === location.origin ? '' : url.origin
}

// Of `app/news-outside/`.
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { data } = event.notification
  event.waitUntil(showApp(typeof data === 'string' ? data : '/'))
})

async function showApp(path: string): Promise<void> {
  const [open] = await self.clients.matchAll({ type: 'window' })
  if (open === undefined) {
    await self.clients.openWindow(path)
    return
  }
  await open.focus()
  // It goes there by itself: what is being written stays.
  open.postMessage(path)
}

cleanupOutdatedCaches()
precacheAndRoute([...self.__WB_MANIFEST])
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: ofTheHub }))

// The page of a first visit, too, has all of the app from here on, whether there is a network or not.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', ({ data }) => {
  if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'SKIP_WAITING')
    void self.skipWaiting()
})
