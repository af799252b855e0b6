/**
 * What is about to be deleted: hidden at once, gone after a moment, so that a slip can be taken back.
 *
 *     leave(peer, wish) ─8 s▶ removed or erased        takeBack(cid): nothing happened        closed meanwhile: at the next start
 *
 * @module
 */
import { type Identity, parseIdentity, parseRawCid, type RawCid } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import type { Item } from '@effigy/react'
import { useSyncExternalStore } from 'react'

/** ms to change one's mind. */
export const undoMs = 8_000

/** ms after which a page that wanted it is taken to be gone. */
const forgottenMs = undoMs + 4_000

export interface Wish {
  readonly cid: RawCid
  readonly identity: Identity
  readonly content: RawCid
  /** `remove`: as if it had never been written; `erase`: what it says goes, its place stays. */
  readonly how: 'remove' | 'erase'
  /** ms. */
  readonly at: number
}

/** Null: it is done now, and stays hidden until the peer has said so. */
const leaving = new Map<RawCid, ReturnType<typeof setTimeout> | null>()
const listeners = new Set<() => void>()

function tell(): void {
  for (const listener of listeners) listener()
}

/** `fail` hears why it did not happen. */
export function leave(peer: RemotePeer, wish: Wish, fail: (error: unknown) => void): void {
  keepWishes(peer.identity, (wishes) => [...wishes, wish])
  const run = async (): Promise<void> => {
    leaving.set(wish.cid, null)
    try {
      await fulfil(peer, wish)
    } catch (error) {
      fail(error)
    } finally {
      leaving.delete(wish.cid)
      tell()
    }
  }
  leaving.set(
    wish.cid,
    setTimeout(() => void run(), undoMs),
  )
  tell()
}

/** Whether it was still time. */
export function takeBack(peer: RemotePeer, cid: RawCid): boolean {
  const timer = leaving.get(cid) ?? null
  if (timer === null) return false
  clearTimeout(timer)
  leaving.delete(cid)
  forget(peer, cid)
  tell()
  return true
}

/** What was wanted on a page that was closed before it happened. */
export async function resumeLeaving(peer: RemotePeer, now: number): Promise<void> {
  for (const wish of keptWishes(peer.identity)) {
    // Another tab may still offer to take it back.
    if (leaving.has(wish.cid) || now - wish.at < forgottenMs) continue
    // It is gone already, or cannot go: nobody waits for it any more.
    await fulfil(peer, wish).catch(() => {})
  }
}

async function fulfil(peer: RemotePeer, { cid, identity, content, how }: Wish): Promise<void> {
  forget(peer, cid)
  if (how === 'remove') await peer.remove([cid])
  else await peer.erase([{ identity, content }])
}

/** Whether a note was just deleted here, and is not to be shown. */
export function useIsLeaving(cid: RawCid): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => leaving.has(cid),
  )
}

const keyOf = (identity: Identity): string => `effigy-leaving/${identity}`

const forget = (peer: RemotePeer, cid: RawCid): void =>
  keepWishes(peer.identity, (wishes) => wishes.filter((wish) => wish.cid !== cid))

function keepWishes(identity: Identity, change: (wishes: readonly Wish[]) => readonly Wish[]): void {
  const wishes = change(keptWishes(identity))
  try {
    if (wishes.length === 0) localStorage.removeItem(keyOf(identity))
    else localStorage.setItem(keyOf(identity), JSON.stringify(wishes))
  } catch {
    // A browser that keeps nothing: it happens on this page, or not at all.
  }
}

function keptWishes(identity: Identity): readonly Wish[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(identity)) ?? '[]')
    return Array.isArray(kept) ? kept.flatMap((one) => readWish(one) ?? []) : []
  } catch {
    return []
  }
}

function readWish(value: unknown): Wish | null {
  if (typeof value !== 'object' || value === null) return null
  const { cid, identity, content, how, at } = value as Partial<Record<keyof Wish, unknown>>
  const text = (one: unknown): string => (typeof one === 'string' ? one : '')
  const [entry, who, what] = [
    parseRawCid(text(cid)),
    parseIdentity(text(identity)),
    parseRawCid(text(content)),
  ]
  if (entry === null || who === null || what === null || typeof at !== 'number') return null
  return how === 'remove' || how === 'erase' ? { cid: entry, identity: who, content: what, how, at } : null
}

let asked: Item | null = null
const askers = new Set<() => void>()

/** Asks the person how, and does it; null closes the question. */
export function askToDelete(item: Item | null): void {
  asked = item
  for (const listener of askers) listener()
}

export function useAskedToDelete(): Item | null {
  return useSyncExternalStore(
    (listener) => {
      askers.add(listener)
      return () => askers.delete(listener)
    },
    () => asked,
  )
}
