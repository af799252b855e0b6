/**
 * Tells through the system what is new while nobody looks at the app, if a person wants that here.
 *
 *     unread grew, page hidden, wanted, allowed ─▶ one notification, without a word of what was said
 *
 * @module
 */
import { useUnread } from '@effigy/react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useWords } from '../../words/use-words.ts'
import { wantsNews } from './wants-news.ts'
import { words } from './words.ts'

export function NewsOutside(): ReactNode {
  const t = useWords(words)
  const notices = useUnread().value?.notices ?? null
  const before = useRef<number | null>(null)
  useEffect(() => {
    const last = before.current
    before.current = notices
    if (notices === null || last === null || notices <= last) return
    if (!document.hidden || !wantsNews()) return
    void show(t('title'), t('text', { count: notices }))
  }, [notices, t])
  return null
}

/** By the service worker, as phones demand; a click leads to the app. */
async function show(title: string, body: string): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration()
  await registration?.showNotification(title, {
    body,
    tag: 'effigy-news',
    icon: '/app-icon-192.png',
  })
}
