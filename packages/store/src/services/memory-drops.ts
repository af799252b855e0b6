/**
 * A drop box's store in memory, for tests and simulations.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { DropInfo, DropReceiver, DropStore, DropUsage } from './drop-store.ts'
import { withStrangers } from './with-strangers.ts'

interface Kept {
  readonly info: DropInfo
  readonly bytes: Uint8Array
  readonly seenBy: Set<Identity>
}

/** It ends with the process. */
export function createMemoryDrops(): DropStore {
  const drops = new Map<string, Kept>()
  const friends = new Map<Identity, ReadonlySet<Identity>>()

  const keyOf = (to: DropReceiver, id: RawCid): string => `${to ?? ''} ${id}`

  /** Friends' first, then by `turnOf`, then in the order in which they came. */
  function list(found: readonly DropInfo[], turnOf: (info: DropInfo) => number): DropInfo[] {
    const turns = found.map((info) => ({ info, turn: turnOf(info) }))
    turns.sort((a, b) => Number(b.info.isFriend) - Number(a.info.isFriend) || a.turn - b.turn)
    return turns.map(({ info }) => info)
  }

  function found(to: DropReceiver, matches: (kept: Kept) => boolean): readonly DropInfo[] {
    const all = [...drops.values()].filter((kept) => kept.info.to === to && matches(kept))
    return all.map(({ info }) => info)
  }

  /** Which of its sender's each one is. */
  function countTurns(): (info: DropInfo) => number {
    const turns = new Map<string, number>()
    return ({ from, isFriend }) => {
      const key = `${from} ${isFriend}`
      const turn = turns.get(key) ?? 0
      turns.set(key, turn + 1)
      return turn
    }
  }

  return {
    add(info, bytes) {
      const key = keyOf(info.to, info.id)
      if (drops.has(key)) return false
      drops.set(key, { info, bytes: new Uint8Array(bytes), seenBy: new Set() })
      return true
    },
    pretend() {},
    info: (to, id) => drops.get(keyOf(to, id))?.info ?? null,
    bytes: (to, id) => drops.get(keyOf(to, id))?.bytes ?? null,
    waiting: (to, limit) =>
      list(
        found(to, () => true),
        () => 0,
      ).slice(0, limit),
    unseen: (to, device, limit) =>
      withStrangers(
        list(
          found(to, ({ seenBy }) => !seenBy.has(device)),
          countTurns(),
        ),
        limit,
      ),
    usage(to, isFriend, from) {
      let items = 0
      let bytes = 0
      for (const { info } of drops.values()) {
        if (info.to !== to || info.isFriend !== isFriend || (from ?? info.from) !== info.from) continue
        items++
        bytes += info.size
      }
      return { items, bytes }
    },
    boxes(limit) {
      const byReceiver = new Map<DropReceiver, DropUsage>()
      for (const { info } of drops.values()) byReceiver.set(info.to, more(byReceiver.get(info.to), info))
      const all = Array.from(byReceiver, ([to, usage]) => ({ to, ...usage }))
      return all.sort((a, b) => b.bytes - a.bytes).slice(0, limit)
    },
    get totalBytes() {
      return [...drops.values()].reduce((sum, { info }) => sum + info.size, 0)
    },
    acknowledge(to, id, device) {
      const kept = drops.get(keyOf(to, id))
      kept?.seenBy.add(device)
      return [...(kept?.seenBy ?? [])]
    },
    remove: (to, id) => drops.delete(keyOf(to, id)),
    clear(to) {
      let usage: DropUsage = { items: 0, bytes: 0 }
      for (const [key, { info }] of drops) {
        if (info.to !== to) continue
        usage = more(usage, info)
        drops.delete(key)
      }
      return usage
    },
    expire(now, limit) {
      const due = [...drops.values()].filter(({ info }) => info.expires <= now).slice(0, limit)
      for (const { info } of due) drops.delete(keyOf(info.to, info.id))
      return due.length
    },
    setFriends(to, list) {
      if (list.length === 0) friends.delete(to)
      else friends.set(to, new Set(list))
    },
    isFriend: (to, from) => friends.get(to)?.has(from) ?? false,
    listed: (to) =>
      to === null
        ? [...friends.values()].reduce((sum, { size }) => sum + size, 0)
        : (friends.get(to)?.size ?? 0),
    listReceivers: (after, limit) =>
      [...friends.keys()]
        .filter((one) => after === null || one > after)
        .sort()
        .slice(0, limit),
  }
}

function more({ items, bytes }: DropUsage = { items: 0, bytes: 0 }, { size }: DropInfo): DropUsage {
  return { items: items + 1, bytes: bytes + size }
}
