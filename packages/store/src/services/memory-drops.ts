/**
 * A drop box's store in memory, for tests and simulations.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { DropInfo, DropStore, DropUsage } from './drop-store.ts'

interface Kept {
  readonly info: DropInfo
  readonly bytes: Uint8Array
  readonly seenBy: Set<Identity>
}

export function createMemoryDrops(): DropStore {
  const drops = new Map<RawCid, Kept>()
  const friends = new Map<Identity, ReadonlySet<Identity>>()

  function list(to: Identity | null, limit: number, matches: (kept: Kept) => boolean): readonly DropInfo[] {
    const found = [...drops.values()].filter((kept) => kept.info.to === to && matches(kept))
    // Stable: within friends and others, the order in which they came.
    found.sort((a, b) => Number(b.info.isFriend) - Number(a.info.isFriend))
    return found.slice(0, limit).map(({ info }) => info)
  }

  return {
    add(info, bytes) {
      if (drops.has(info.id)) return false
      drops.set(info.id, { info, bytes: new Uint8Array(bytes), seenBy: new Set() })
      return true
    },
    info: (id) => drops.get(id)?.info ?? null,
    bytes: (id) => drops.get(id)?.bytes ?? null,
    waiting: (to, limit) => list(to, limit, () => true),
    unseen: (to, device, limit) => list(to, limit, ({ seenBy }) => !seenBy.has(device)),
    usage(to, isFriend) {
      let usage: DropUsage = { items: 0, bytes: 0 }
      for (const { info } of drops.values()) {
        if (info.to !== to || info.isFriend !== isFriend) continue
        usage = { items: usage.items + 1, bytes: usage.bytes + info.size }
      }
      return usage
    },
    get totalBytes() {
      return [...drops.values()].reduce((sum, { info }) => sum + info.size, 0)
    },
    acknowledge(id, device) {
      const kept = drops.get(id)
      kept?.seenBy.add(device)
      return [...(kept?.seenBy ?? [])]
    },
    remove: (id) => drops.delete(id),
    expire(now) {
      const due = [...drops.values()].filter(({ info }) => info.expires <= now)
      for (const { info } of due) drops.delete(info.id)
      return due.length
    },
    setFriends: (to, list) => void friends.set(to, new Set(list)),
    isFriend: (to, from) => friends.get(to)?.has(from) ?? false,
  }
}
