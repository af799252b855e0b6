/**
 * The most memory that this process has held, from some moment on.
 *
 * `resourceUsage().maxRSS` will not do: in a forked process it begins with what its parent held, however
 * little its own program needs.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'

/** Forgets what was held before; gives what is held now, bytes. */
export function resetPeakMemory(): number {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // Without it the start of the program counts too: the figure is not smaller than the truth.
  }
  return process.memoryUsage.rss()
}

/** Bytes. */
export function peakMemory(): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    if (kibibytes !== undefined) return Number(kibibytes) * 1024
  } catch {
    // Another system than Linux.
  }
  return process.resourceUsage().maxRSS * 1024
}
