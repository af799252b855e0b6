/**
 * Keys that do something, wherever nobody types; the sheet (`?`) lists those of now.
 *
 *     useShortcut('n', 'doNew', write) ─▶ registered while its component is there
 *
 * @module
 */
import { useEffect, useRef, useSyncExternalStore } from 'react'

export interface Shortcut {
  /** `n`, `?`, `g h` (one after the other), `Mod+k` (Ctrl, or ⌘ on a Mac). */
  readonly keys: string
  /** What it does, in the language of now. */
  readonly title: string
}

interface Registered extends Shortcut {
  readonly act: () => void
  readonly repeats: boolean
}

/** ms between the two keys of `g h`. */
const sequenceMs = 1_200

let registered: readonly Registered[] = []
const listeners = new Set<() => void>()
let first: { readonly key: string; readonly at: number } | null = null

function change(next: readonly Registered[]): void {
  registered = next
  for (const tell of listeners) tell()
}

/** `title`: what it does, for the sheet. `repeats`: again and again while the key is held. */
export function useShortcut(keys: string, title: string, act: () => void, repeats = false): void {
  const newest = useRef(act)
  useEffect(() => {
    newest.current = act
  })
  useEffect(() => {
    const one: Registered = { keys, title, repeats, act: () => newest.current() }
    change([...registered, one])
    return () => change(registered.filter((other) => other !== one))
  }, [keys, title, repeats])
}

export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => registered,
  )
}

/** What one event means: `Mod+k`, `?`, `n`; null where somebody types, or nothing is meant. */
export function keyOf(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.isComposing || event.altKey) return null
  const mod = event.ctrlKey || event.metaKey
  if (mod) return `Mod+${event.key.toLowerCase()}`
  const { target } = event
  const isTyping =
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  // A dialog has its own keys.
  const isInside = target instanceof HTMLElement && target.closest('[role="dialog"]') !== null
  return isTyping || isInside ? null : event.key
}

function press(event: KeyboardEvent): void {
  const key = keyOf(event)
  if (key === null) return
  const sequence = first !== null && event.timeStamp - first.at < sequenceMs ? `${first.key} ${key}` : null
  // `g n` is not `n`, whoever came later.
  const found =
    registered.findLast(({ keys }) => keys === sequence) ?? registered.findLast(({ keys }) => keys === key)
  first = { key, at: event.timeStamp }
  if (found === undefined) return
  first = null
  event.preventDefault()
  if (found.repeats || !event.repeat) found.act()
}

globalThis.addEventListener('keydown', press)
