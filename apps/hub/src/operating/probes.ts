/**
 * What this process has of the machine, and how much of it there is. Null: the system does not tell.
 *
 *     /proc, cgroup, V8, statfs ─▶ Probes ─▶ headroom.ts
 *
 * @module
 */
import { readdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'

export interface Use {
  readonly usedBytes: number
  readonly limitBytes: number
}

export interface Probes {
  /** Files and sockets that this process may have open. */
  descriptorLimit(): number | null
  openDescriptors(): number | null
  /** Of each limit that ends the process: the one of its group or machine, and that of its heap. */
  memory(): readonly Use[]
  /** Of the disk under the home. */
  freeBytes(): number | null
}

/** `memoryBytes`: a setting that outranks what the group or the machine has; null for none. */
export function systemProbes(home: string, memoryBytes: number | null): Probes {
  return {
    descriptorLimit: () => parseDescriptorLimit(readOrNull('/proc/self/limits')),
    openDescriptors,
    memory() {
      const { used_heap_size: usedHeap, heap_size_limit: heapLimit } = getHeapStatistics()
      return [
        { usedBytes: process.memoryUsage.rss(), limitBytes: memoryBytes ?? groupMemory() },
        { usedBytes: usedHeap, limitBytes: heapLimit },
      ]
    },
    freeBytes() {
      try {
        const { bavail, bsize } = statfsSync(home)
        return bavail * bsize
      } catch {
        return null
      }
    },
  }
}

/** The soft limit; null when there is none, or it cannot be read. */
export function parseDescriptorLimit(limits: string | null): number | null {
  const [, soft] = /^Max open files +(\d{1,15}) /m.exec(limits ?? '') ?? []
  return soft === undefined ? null : Number(soft)
}

function openDescriptors(): number | null {
  try {
    // Linux from 6.2 on tells the count as a size; before, each is a name.
    const { size } = statSync('/proc/self/fd')
    return size > 0 ? size : readdirSync('/proc/self/fd').length
  } catch {
    return null
  }
}

/** The limit of the cgroup, or the memory of the machine where there is none (then the system tells something absurd). */
function groupMemory(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
