/**
 * What is about to be deleted: hidden at once, gone after a moment, so that a slip can be taken back.
 *
 *     leave(peer, wish) ─10 s▶ removed or erased        takeBack(cid): nothing happened        closed meanwhile: at the next start
 *                        └ not now: the person is told, and asks again         not now (S13, a full disk): again every so often ┘
 *
 * @module
 */
import { type Identity, parseIdentity, parseRawCid, type RawCid } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import type { Item } from '@effigy/react'
import { useSyncExternalStore } from 'react'
import { ownIdentities } from '../../app/own-identities.ts'
import { codeOf } from '../../faults/code-of.ts'
import { undoMs } from '../tell.ts'

/** ms after which a page that wanted it is taken to be gone. */
const forgottenMs = undoMs + 4_000

/** ms until what failed is tried again. */
const againMs = 5 * 60_000

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
  keepWishes(peer.identity, (wishes) => [...wishes.filter(({ cid }) => cid !== wish.cid), wish])
  const keeper = peer.identity
  const timer = setTimeout(async () => {
    try {
      await hideAndFulfil(peer, wish, keeper)
    } catch (error) {
      // It stands there again, and the person knows why: it is not to go some other day.
      if (!passing.has(codeOf(error))) forget(keeper, wish.cid)
      fail(error)
    }
  }, undoMs)
  leaving.set(wish.cid, timer)
  tell()
}

/** Codes of what ends with this page, or this device: the next one does it. */
const passing: ReadonlySet<string> = new Set(['interrupted', 'leaving', 'revoked', 'closed'])

/** Rejects as `fulfil`; then it is seen again. */
async function hideAndFulfil(peer: RemotePeer, wish: Wish, keeper: Identity): Promise<void> {
  leaving.set(wish.cid, null)
  try {
    await fulfil(peer, wish, keeper)
  } finally {
    leaving.delete(wish.cid)
    tell()
  }
}

/** Whether it was still time. */
export function takeBack(peer: RemotePeer, cid: RawCid): boolean {
  const timer = leaving.get(cid) ?? null
  if (timer === null) return false
  clearTimeout(timer)
  leaving.delete(cid)
  forget(peer.identity, cid)
  tell()
  return true
}

/** At once: behind this nobody would come who does it. What cannot go stays. */
export async function leaveNow(peer: RemotePeer): Promise<void> {
  for (const device of await ownIdentities(peer)) {
    for (const wish of keptWishes(device)) {
      clearTimeout(leaving.get(wish.cid) ?? undefined)
      await hideAndFulfil(peer, wish, device).catch(() => {})
    }
  }
}

/**
 * What was wanted on a page that was closed before it happened, or by the device before this one (K16): now, and again until
 * nothing is wanted any more or the signal aborts.
 */
export async function resumeLeaving(peer: RemotePeer, signal: AbortSignal): Promise<void> {
  let nextMs = 0
  for (const device of await ownIdentities(peer)) {
    for (const wish of keptWishes(device)) {
      if (signal.aborted) return
      // Another tab may still offer to take it back; a clock that went back says nothing of when it was wanted.
      if (leaving.has(wish.cid) || Math.abs(Date.now() - wish.at) < forgottenMs) nextMs = forgottenMs
      else await fulfil(peer, wish, device).catch(() => {})
    }
    if (keptWishes(device).length > 0) nextMs ||= againMs
  }
  if (nextMs === 0 || signal.aborted) return
  const timer = setTimeout(() => void resumeLeaving(peer, signal).catch(() => {}), nextMs)
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
}

/** `keeper`: the device that was this one when it was wanted. */
async function fulfil(peer: RemotePeer, wish: Wish, keeper: Identity): Promise<void> {
  const { cid, identity, content, how } = wish
  try {
    if (how === 'remove' && !(await wasEnded(peer, identity))) await peer.remove([cid])
    else await peer.erase([{ identity, content }])
  } catch (error) {
    // It is gone already, or another text has its place. All else may succeed later: the person was told that it is deleted.
    if (codeOf(error) === 'not-own-entry') forget(keeper, cid)
    throw error
  }
  forget(keeper, cid)
}

/** Whether nothing is written into the feed of that own device any more: then what it said is taken back by another one. */
async function wasEnded(peer: RemotePeer, device: Identity): Promise<boolean> {
  const account = await peer.account.show()
  return account?.revoked.some((one) => one.identity === device) === true
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

const forget = (device: Identity, cid: RawCid): void =>
  keepWishes(device, (wishes) => wishes.filter((wish) => wish.cid !== cid))

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
