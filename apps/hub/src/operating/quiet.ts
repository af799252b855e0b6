/**
 * Gives memory back when a rush is over: V8 lets its heap grow by a half before it looks, keeps what it has once had, and looks
 * again only when more is asked for. After thousands of people came within minutes that is half of what a hub takes.
 *
 *     loop idle for 30 s ─▶ V8 saves memory ─ its own reducer, in steps ▶ heap compacted, pages given back      busy ─▶ as it was
 *
 * The reducer works in steps between other work: nobody waits for a collection of the whole heap at once. The switch is one that
 * Node means for the start of a program: `saveMemory` of the settings leaves it alone (docs/decisions/0021-what-a-session-costs.md).
 *
 * @module
 */
import { type EventLoopUtilization, performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import type { Clock, Log } from '@effigy/sync'

export interface QuietPorts {
  readonly clock: Pick<Clock, 'after'>
  readonly log: Pick<Log, 'info'>
  /** Whether V8 is to save memory rather than time; V8's own switch when omitted. */
  readonly save?: (isSaving: boolean) => void
  /** Part of the time since the last call that the loop was busy; of this process when omitted. */
  readonly busy?: () => number
}

/** Ms between two looks. */
const everyMs = 5_000

/** Parts of the time: between the two it stays as it is. */
const quietBelow = 0.25
const busyAbove = 0.5

/** Looks in a row before memory is saved: a hub that has something to do now and then is left as it is. */
const quietLooks = 6

/** Until disposed. */
export function saveWhenQuiet({ clock, log, save = saveMemory, busy = busyTime() }: QuietPorts): Disposable {
  let isSaving = false
  let quiet = 0
  let timer = clock.after(everyMs, look)

  function look(): void {
    timer = clock.after(everyMs, look)
    const part = busy()
    quiet = part < quietBelow ? quiet + 1 : 0
    if (isSaving ? part > busyAbove : quiet >= quietLooks) turn(!isSaving)
  }

  function turn(wished: boolean): void {
    isSaving = wished
    save(wished)
    log.info('memory.saving', { on: wished })
  }

  return {
    [Symbol.dispose]() {
      timer[Symbol.dispose]()
      if (isSaving) turn(false)
    },
  }
}

/** Read by V8 whenever it decides how far its heap may grow, and whether its memory reducer may begin. */
function saveMemory(isSaving: boolean): void {
  setFlagsFromString(isSaving ? '--optimize-for-size' : '--no-optimize-for-size')
}

function busyTime(): () => number {
  let last: EventLoopUtilization = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  }
}
