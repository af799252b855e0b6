/**
 * Tells through the system what is new while nobody looks at the app, if a person wants that here; how much it is stands on the
 * app's own icon.
 *
 *     unread grew, page hidden, wanted, allowed ─▶ one notification a kind, without a word of what was said, or who said it
 *
 * @module
 */
import { useTalkCounts, useUnread } from '@effigy/react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { useWords } from '../../words/use-words.ts'
import { type Counts, grown, type OutsideNews } from './grown.ts'
import { wantsNews } from './wants-news.ts'
import { words } from './words.ts'

/** ms: a conversation that stands open in another tab counts as read by then. */
const readElsewhereMs = 2_000

export function NewsOutside(): ReactNode {
  const t = useWords(words)
  const notices = useUnread().value?.notices ?? null
  const talks = useTalkCounts().value
  const messages = talks?.unread ?? null
  const requests = talks?.requests ?? null
  const before = useRef<Counts | null>(null)
  useFollowed()
  useEffect(() => {
    if (notices === null || messages === null || requests === null) return
    const now: Counts = { notices, messages, requests }
    const fresh = grown(before.current, now)
    before.current = now
    if (!document.hidden || !wantsNews()) return
    for (const { kind, path } of fresh) {
      setTimeout(() => {
        if (!document.hidden || (before.current?.[kind] ?? 0) < now[kind]) return
        void show(kind, path, t('title'), t(kind, { count: now[kind] }))
      }, readElsewhereMs)
    }
  }, [notices, messages, requests, t])
  useEffect(
    () => () => {
      before.current = null
    },
    [],
  )
  // As the numbers in the app: strangers who ask are none.
  useBadge((notices ?? 0) + (messages ?? 0))
  return null
}

/** By the service worker, as phones demand. */
async function show(
  kind: OutsideNews['kind'],
  path: OutsideNews['path'],
  title: string,
  body: string,
): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration()
  await registration?.showNotification(title, {
    body,
    tag: `effigy-${kind}`,
    icon: '/app-icon-192.png',
    data: path,
  })
}

/** Goes where a notification leads that was clicked on while the app was open. */
function useFollowed(): void {
  const [, go] = useLocation()
  useEffect(() => {
    const workers = navigator.serviceWorker
    const follow = ({ data }: MessageEvent<unknown>): void => {
      if (data === '/news' || data === '/talks') go(data)
    }
    workers?.addEventListener('message', follow)
    return () => workers?.removeEventListener('message', follow)
  }, [go])
}

function useBadge(count: number): void {
  useEffect(() => setBadge(count), [count])
  // Of whoever has this browser now, nothing is told.
  useEffect(() => () => setBadge(0), [])
}

function setBadge(count: number): void {
  // Systems may refuse it to an app that is not installed, or may not notify.
  if (count > 0) navigator.setAppBadge?.(count).catch(() => {})
  else navigator.clearAppBadge?.().catch(() => {})
}
