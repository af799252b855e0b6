/**
 * What another app shared with this one (share target): put by by the service worker, taken once by the screen that writes, used when a
 * person says so: any page can send such a form.
 *
 *     POST /share ─service worker▶ cache `effigy-shared` ─▶ /new ─takeShared▶ text, files
 *
 * @module
 */

/** The same in the service worker. */
export const sharedCache = 'effigy-shared'
const sharedFrom = 'effigy-from'

export interface Shared {
  readonly text: string
  readonly files: readonly File[]
  /** Host of the page that sent it; null: an app of this device, or a page that hides itself. */
  readonly from: string | null
}

/** Files that the system opened with the app go the same way. */
export async function keepShared(files: readonly File[]): Promise<void> {
  const form = new FormData()
  for (const file of files) form.append('files', file)
  const cache = await caches.open(sharedCache)
  await cache.put('/share', new Response(form))
}

/** Null: nothing was shared, or it was taken. */
export async function takeShared(): Promise<Shared | null> {
  if (globalThis.caches === undefined || !(await caches.has(sharedCache))) return null
  const cache = await caches.open(sharedCache)
  const response = await cache.match('/share')
  await caches.delete(sharedCache)
  if (response === undefined) return null
  const form = await response.formData()
  const said = ['title', 'text', 'url'].map((name) => form.get(name))
  const text = said.filter((part) => typeof part === 'string' && part !== '').join('\n')
  const files = form.getAll('files').filter((part) => part instanceof File)
  const from = URL.parse(response.headers.get(sharedFrom) ?? '')
  return { text, files, from: from === null ? null : from.host }
}
