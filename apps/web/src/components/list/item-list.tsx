/**
 * A long list of which only what is in view is there: any length, one's place kept, and what is new behind a button.
 *
 *     list.items ─without what came since one looked▶ shown ─virtual▶ rows in view
 *         └─ newer than the first that is shown ─▶ "12 new"
 *
 * @module
 */
import type { List } from '@effigy/react'
import { Button, Loader } from '@mantine/core'
import { IconArrowUp } from '@tabler/icons-react'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useShortcut } from '../../app/shortcuts.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './list.module.css'
import { keepPlace, keptPlace } from './places.ts'
import { words } from './words.ts'

export interface ItemListProps<Value> {
  readonly list: Pick<List<Value>, 'items' | 'hasMore' | 'isLoadingMore' | 'loadMore' | 'look'>
  readonly keyOf: (value: Value) => string
  /** `before`: the one above it; null: it is the first. */
  readonly row: (value: Value, before: Value | null) => ReactNode
  /** Under which one's place is kept. */
  readonly name: string
  /** Of whom nothing new waits behind a button: what one writes oneself is there at once. */
  readonly isOwn?: (value: Value) => boolean
  /** Pixels of a row that was never seen. */
  readonly estimate?: number
  /** The entry at the top has been looked at for a second. */
  readonly onRead?: (value: Value) => void
}

/** Rows above and below what is in view that are made too. */
const overscan = 8
/** Rows before the end at which more is loaded: some ten seconds of a fling. */
const ahead = 300
/** Pages that are loaded to find one's place again. */
const mostPages = 20
/** A list as short as that shows what comes at once: whoever just arrived waits for the first posts. */
const shortList = 12
const readMs = 1_000

export function ItemList<Value>(props: ItemListProps<Value>): ReactNode {
  const { list, keyOf, row, name, isOwn, estimate = 180, onRead } = props
  const t = useWords(words)
  const { items, hasMore, isLoadingMore, loadMore, look } = list
  const frame = useRef<HTMLDivElement>(null)
  const [kept] = useState(() => keptPlace(name))
  const [newest, setNewest] = useState(kept?.newest ?? null)
  const [margin, setMargin] = useState(0)
  const searching = useRef(kept === null ? 0 : mostPages)
  /** What stands at the top of the screen. */
  const top = useRef<{ readonly key: string; readonly index: number; readonly above: number } | null>(null)

  // What came since is held back.
  const found = newest === null ? 0 : items.findIndex((value) => keyOf(value) === newest)
  const isAtTop = window.scrollY < 8
  const isShown =
    found <= 0 ||
    (isAtTop && items.length < shortList) ||
    (isOwn !== undefined && items.slice(0, found).some(isOwn))
  const fresh = isShown ? 0 : found
  const shown = useMemo(() => (fresh === 0 ? items : items.slice(fresh)), [items, fresh])
  const firstKey = shown[0] === undefined ? null : keyOf(shown[0])
  useEffect(() => {
    if (firstKey !== null) setNewest(firstKey)
  }, [firstKey])

  const virtualizer = useWindowVirtualizer<HTMLDivElement>({
    count: shown.length,
    estimateSize: () => estimate,
    getItemKey: useCallback((at: number) => keyOf(shown[at] as Value), [shown, keyOf]),
    overscan,
    scrollMargin: margin,
    ...(kept === null ? {} : { initialMeasurementsCache: [...kept.sizes] }),
  })
  const rows = virtualizer.getVirtualItems()
  const first = rows.find(({ end }) => end > (virtualizer.scrollOffset ?? 0)) ?? null
  const last = rows.at(-1)?.index ?? 0

  useLayoutEffect(() => {
    const { current } = frame
    if (current === null) return
    const above = Math.round(current.getBoundingClientRect().top + window.scrollY)
    if (above !== margin) setMargin(above)
  })

  // What comes or goes above does not move what is read.
  const placedAt = useRef(margin)
  useLayoutEffect(() => {
    const isBack = searching.current > 0 && kept !== null
    const place = isBack ? kept : top.current
    const { current } = frame
    if (place === null || current === null) {
      placedAt.current = margin
      return
    }
    const index = shown.findIndex((value) => keyOf(value) === place.key)
    const start = virtualizer.getOffsetForIndex(index, 'start')?.[0]
    if (index === -1 || start === undefined) return
    const isMoved = isBack || index !== top.current?.index || margin !== placedAt.current
    searching.current = 0
    placedAt.current = margin
    top.current = { ...place, index }
    // At the very top one stays there.
    if (!isMoved || (!isBack && window.scrollY < 8)) return
    const above = current.getBoundingClientRect().top + window.scrollY
    window.scrollTo(0, above + start - virtualizer.options.scrollMargin + place.above)
  }, [shown, keyOf, kept, virtualizer, margin])

  // One's place is further down than what is loaded.
  useEffect(() => {
    if (searching.current === 0 || isLoadingMore || items.length === 0) return
    searching.current--
    if (hasMore) loadMore()
    else searching.current = 0
  }, [items, hasMore, isLoadingMore, loadMore])

  useLayoutEffect(() => {
    // A position that was just set is not read yet.
    const isRead = Math.abs((virtualizer.scrollOffset ?? 0) - window.scrollY) < 2
    if (first === null || searching.current > 0 || !isRead) return
    top.current = {
      key: String(first.key),
      index: first.index,
      above: (virtualizer.scrollOffset ?? 0) - first.start,
    }
  })

  useLayoutEffect(() => {
    history.scrollRestoration = 'manual'
    if (kept === null) window.scrollTo(0, 0)
  }, [kept])

  const leave = useRef(() => {})
  leave.current = () => {
    const place = top.current
    const isTop = place === null || (place.index === 0 && place.above <= 0)
    if (searching.current > 0) return
    keepPlace(name, isTop ? null : { ...place, newest: firstKey, sizes: virtualizer.takeSnapshot() })
  }
  useEffect(() => {
    const hide = (): void => leave.current()
    addEventListener('pagehide', hide)
    return () => {
      removeEventListener('pagehide', hide)
      hide()
    }
  }, [])

  useEffect(() => {
    if (hasMore && !isLoadingMore && last >= shown.length - ahead) loadMore()
  }, [last, shown.length, hasMore, isLoadingMore, loadMore])

  const at = first?.index ?? 0
  useEffect(() => {
    const timer = setTimeout(() => {
      look(at + fresh)
      const value = shown[at]
      if (value !== undefined && document.visibilityState === 'visible') onRead?.(value)
    }, readMs)
    return () => clearTimeout(timer)
  }, [at, fresh, shown, look, onRead])

  // Where the focus is about to be: keys come faster than frames.
  const aim = useRef<number | null>(null)
  function step(by: number): void {
    const focused = aim.current ?? document.activeElement?.closest('[data-index]')?.getAttribute('data-index')
    const next = focused == null ? at : Math.min(Math.max(Number(focused) + by, 0), shown.length - 1)
    aim.current = next
    virtualizer.scrollToIndex(next, { align: 'auto' })
    requestAnimationFrame(() => {
      if (aim.current !== next) return
      aim.current = null
      // What was just deleted stands in the list as long as that can be taken back, and shows nothing.
      for (let index = next; ; index += by) {
        const row = frame.current?.querySelector(`[data-index="${index}"]`)
        if (row == null) return
        const article = row.querySelector<HTMLElement>('article')
        if (article === null) continue
        if (index !== next) virtualizer.scrollToIndex(index, { align: 'auto' })
        article.focus({ preventScroll: true })
        return
      }
    })
  }
  useShortcut('j', t('doNext'), () => step(1), true)
  useShortcut('k', t('doPrevious'), () => step(-1), true)

  function showNew(): void {
    const value = items[0]
    if (value === undefined) return
    const show = (): void => {
      top.current = null
      setNewest(keyOf(value))
    }
    if (window.scrollY < 8) show()
    else {
      // Once the list knows where it is: it would mend the place of before.
      addEventListener('scroll', () => requestAnimationFrame(show), { once: true })
      window.scrollTo(0, 0)
    }
  }

  return (
    <div>
      <div className={classes.pillPlace} role="status">
        {fresh > 0 && (
          <Button
            className={classes.pill ?? ''}
            radius="xl"
            leftSection={<IconArrowUp size={18} aria-hidden />}
            onClick={showNew}
          >
            {t('fresh', { count: fresh })}
          </Button>
        )}
      </div>
      <div ref={frame} className={classes.list} style={{ blockSize: virtualizer.getTotalSize() }}>
        {rows.map(({ index, key, start }) => (
          <div
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            className={classes.row}
            style={{ transform: `translateY(${start - margin}px)` }}
          >
            {row(shown[index] as Value, shown[index - 1] ?? null)}
          </div>
        ))}
      </div>
      {shown.length > 0 && (
        <div className={classes.end}>
          {hasMore ? <Loader size="sm" aria-label={t('loading')} /> : t('end')}
        </div>
      )}
    </div>
  )
}
