/**
 * The drop box: keeps messages for those who are away (spec V20-V24, T17). Pure but for its ports.
 *
 *     put ─size, pace of the sender, room of the receiver▶ DropStore ─offer▶ devices ─acknowledge▶ gone
 *                                                              └──── expiry by size class ────▶ gone
 *
 * @module
 */
import { err, type Identity, ok, type RawCid, type Result, rawCidOfDigest, type Sha256 } from '@effigy/core'
import {
  type DropInfo,
  type DropReceiver,
  type DropStore,
  type DropUsage,
  withStrangers,
} from '@effigy/store'
import type { Clock } from '../clock.ts'
import type { DropLimits } from '../limits.ts'
import { createPace } from '../session/pace.ts'
import { createPaces, type Paces } from '../session/paces.ts'
import type { ServiceRefusal } from './service.ts'

/** V21. Whoever has left this part of what is free leaves no more: one sender alone a fifth of the room. */
const senderShare = 4

export interface DropBoxPorts {
  readonly store: DropStore
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly sha256: Sha256
  readonly limits: DropLimits
  /** The current devices of an account that is kept for; empty: nobody's box is here. */
  readonly devicesOf: (account: Identity) => readonly Identity[]
  /** The one name that the box of a device, or of another name of its person, goes by; null: it has none here. */
  readonly accountOf: (device: Identity) => Identity | null
  /** Whether drops for nobody in particular are taken, as community hubs do. */
  readonly isCommunity: boolean
  /** There is no room for anybody's now, whatever the limits say. */
  readonly isFull?: () => boolean
}

export interface DropBox {
  /**
   * `id` of what was taken; strangers hear the same whether it was kept or not, and it takes as long: what is not kept
   * is written too (V22).
   */
  put(from: Identity, to: Identity | null, bytes: Uint8Array): Result<RawCid, ServiceRefusal>
  /** What a device has not acknowledged, friends' first. Empty for who has no box here. Refused: too often. */
  offers(device: Identity): Result<readonly DropInfo[], ServiceRefusal>
  /** Whether that drop may be offered to that device. Asks no store: it is asked for each device that listens. */
  isFor(device: Identity, drop: DropInfo): boolean
  /** The sealed bytes, or null where there is none, or it is for somebody else. */
  fetch(device: Identity, id: RawCid): Uint8Array | null
  /** Gone once every current device has said so. */
  acknowledge(device: Identity, ids: readonly RawCid[]): void
  /** Whom an account wants to hear first. False: too many, too often, no room for more, or no box here. */
  setFriends(device: Identity, friends: readonly Identity[]): boolean
  /** Removes all that waits for one receiver, by the name that its box goes by; gives how much that was. */
  clear(to: DropReceiver): DropUsage
  /** Removes what is due, `limits.expiredAtOnce` at most; gives how many. To be called now and then. */
  expire(): number
  /** Removes lists of who has no box here any more, of the next `limits.listsAtOnce`, fewer where they are long. True: call it again. */
  dropLists(): boolean
  /** Hears of each drop that was kept, until disposed. */
  watch(kept: (drop: DropInfo) => void): Disposable
}

/** The rules of a box over a store: who may leave what, and who hears of it. */
export function createDropBox(ports: DropBoxPorts): DropBox {
  const { store, clock, sha256, limits, devicesOf, accountOf } = ports
  const tooFast = createPaces({
    perSecond: limits.perMinute / 60,
    burst: limits.burst,
    kept: limits.senders,
    clock,
    countsRefused: true,
  })
  const listeners = new Set<(drop: DropInfo) => void>()
  const perMinute = (times: number): Paces =>
    createPaces({ perSecond: times / 60, burst: times, kept: limits.senders, clock })
  const listsTooFast = perMinute(limits.listsPerMinute)
  const listensTooFast = perMinute(limits.listensPerMinute)
  const strangers = createPace(limits.strangersPerSecond, limits.strangerBurst)
  const listedByAll = createPace(limits.listedPerSecond, limits.listedBurst)
  let totalBytes = store.totalBytes
  let listed = store.listed(null)
  /** Whose list was looked at last. */
  let looked: Identity | null = null

  function put(from: Identity, named: Identity | null, bytes: Uint8Array): Result<RawCid, ServiceRefusal> {
    if (bytes.length < 1 || bytes.length > limits.dropBytes) return err({ code: 'too-large', retryMs: null })
    const waitMs = tooFast(from)
    if (waitMs > 0) return err({ code: 'too-fast', retryMs: waitMs })
    if (named === null && !ports.isCommunity) return err({ code: 'receiver-needed', retryMs: null })
    const id = rawCidOfDigest(sha256(bytes))
    // One box a person, by whatever name they are meant.
    const to = named === null ? null : (accountOf(named) ?? named)
    const isFriend = to !== null && store.isFriend(to, from)
    // Each costs a sync of the disk; whether it would be kept must not show here.
    const crowdMs = isFriend ? 0 : strangers.take(clock.monotonic(), 1)
    if (crowdMs > 0) {
      // What is refused costs nothing: else a flood would shut all strangers out long after its end.
      strangers.take(clock.monotonic(), -1)
      return err({ code: 'too-fast', retryMs: crowdMs })
    }
    const refusal = roomFor(from, to, isFriend, bytes.length)
    const at = clock.now()
    const size = bytes.length
    const drop = { id, to, from, isFriend, size, at, expires: at + keptMs(size, limits) }
    // T30: who is not on the receiver's list learns nothing of the receiver, not even that there is one.
    if (refusal !== null && isFriend) return err(refusal)
    if (refusal !== null || !keep(drop, bytes)) store.pretend(drop, bytes)
    return ok(id)
  }

  function roomFor(
    from: Identity,
    to: Identity | null,
    isFriend: boolean,
    size: number,
  ): ServiceRefusal | null {
    const { items, bytes } = store.usage(to, isFriend)
    const mine = store.usage(to, isFriend, from)
    if (to !== null && devicesOf(to).length === 0) return { code: 'absent', retryMs: null }
    const most = isFriend ? limits.friends : limits.strangers
    // Half of it all is left to friends, however many boxes strangers fill.
    const total = isFriend ? limits.totalBytes : limits.totalBytes / 2
    const isOver = items >= most.items || bytes + size > most.bytes || totalBytes + size > total
    // By what is free, not by a fixed share: five devices of one person would fill it.
    const isGreedy =
      mine.items >= (most.items - items) / senderShare || mine.bytes >= (most.bytes - bytes) / senderShare
    return isOver || isGreedy || ports.isFull?.() === true ? { code: 'full', retryMs: 60 * 60 * 1000 } : null
  }

  /** False: its receiver has it already. */
  function keep(drop: DropInfo, bytes: Uint8Array): boolean {
    const before = store.info(drop.to, drop.id)
    // Due, and not yet cleared away: the same bytes are a new drop.
    if (before !== null && before.expires <= drop.at && store.remove(drop.to, drop.id)) {
      totalBytes -= before.size
    }
    if (!store.add(drop, bytes)) return false
    totalBytes += drop.size
    for (const listener of [...listeners]) listener(drop)
    return true
  }

  /** Its person's, and its own from before it was known whose it is. Empty: none is here. */
  function boxesOf(device: Identity): readonly Identity[] {
    const account = accountOf(device)
    return account === null ? [] : [...new Set([account, device])]
  }

  /** Those of that name that a device may have: of its boxes, and the one for whoever can open it. */
  function forDevice(device: Identity, id: RawCid): readonly DropInfo[] {
    const boxes = boxesOf(device)
    if (boxes.length === 0) return []
    const own = boxes.map((box) => store.info(box, id))
    const found = [...own, ports.isCommunity ? store.info(null, id) : null]
    return found.filter((info) => info !== null).filter(({ expires }) => expires > clock.now())
  }

  function isFor(device: Identity, { to }: DropInfo): boolean {
    const boxes = boxesOf(device)
    return to === null ? boxes.length > 0 : boxes.includes(to)
  }

  /** Whether lists come faster than all together may send them. What is refused costs nothing, as above. */
  function isCrowded(names: number): boolean {
    const isIt = listedByAll.take(clock.monotonic(), names + 1) > 0
    if (isIt) listedByAll.take(clock.monotonic(), -names - 1)
    return isIt
  }

  function replaceList(to: Identity, names: readonly Identity[], before: number): void {
    store.setFriends(to, names)
    listed += names.length - before
  }

  return {
    put,
    offers(device) {
      const boxes = boxesOf(device)
      if (boxes.length === 0) return ok([])
      const waitMs = listensTooFast(device)
      if (waitMs > 0) return err({ code: 'too-fast', retryMs: waitMs })
      const now = clock.now()
      const open = ports.isCommunity ? [null] : []
      const lists = [...boxes, ...open].map((box) => store.unseen(box, device, limits.offered))
      // Friends' first, and one of each box in turn: a full box hides no other.
      const inTurn = lists
        .flatMap((list) => list.map((drop, turn) => ({ drop, turn })))
        .sort((a, b) => Number(b.drop.isFriend) - Number(a.drop.isFriend) || a.turn - b.turn)
      const waiting = inTurn.map(({ drop }) => drop).filter(({ expires }) => expires > now)
      return ok(withStrangers(waiting, limits.offered))
    },
    isFor,
    fetch(device, id) {
      const [info] = forDevice(device, id)
      return info === undefined ? null : store.bytes(info.to, id)
    },
    acknowledge(device, ids) {
      for (const { id, to, size } of ids.flatMap((one) => forDevice(device, one))) {
        const seenBy = new Set(store.acknowledge(to, id, device))
        // What is for nobody in particular may be for somebody else: it stays until it expires.
        if (to === null || !devicesOf(to).every((one) => seenBy.has(one))) continue
        if (store.remove(to, id)) totalBytes -= size
      }
    },
    setFriends(device, friends) {
      const account = accountOf(device)
      if (account === null || friends.length > limits.listedFriends) return false
      if (devicesOf(account).length === 0 || listsTooFast(account) > 0) return false
      if (isCrowded(friends.length)) return false
      const names = new Set(friends)
      const before = store.listed(account)
      const grown = names.size - before
      // One that does not grow takes no room: who blocks somebody is heard on a full disk too.
      const isTooMany = names.size > limits.listedAlways && listed + grown > limits.listedTotal
      if (grown > 0 && (isTooMany || ports.isFull?.() === true)) return false
      replaceList(account, [...names], before)
      return true
    },
    clear(to) {
      const usage = store.clear(to)
      totalBytes -= usage.bytes
      return usage
    },
    expire() {
      const expired = store.expire(clock.now(), limits.expiredAtOnce)
      if (expired > 0) totalBytes = store.totalBytes
      return expired
    },
    dropLists() {
      const most = listed - limits.listedFriends
      const receivers = store.listReceivers(looked, limits.listsAtOnce)
      for (const to of receivers) {
        looked = to
        if (devicesOf(to).length === 0) replaceList(to, [], store.listed(to))
        // Others have their turn.
        if (listed <= most) return true
      }
      const isMore = receivers.length === limits.listsAtOnce
      if (!isMore) looked = null
      return isMore
    },
    watch(kept) {
      const listener = (drop: DropInfo): void => kept(drop)
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
  }
}

/** V24: the larger, the shorter. Ms. */
export function keptMs(size: number, { keptMs: classes }: Pick<DropLimits, 'keptMs'>): number {
  for (const { bytes, ms } of classes) if (size <= bytes) return ms
  return classes.at(-1)?.ms ?? 0
}
