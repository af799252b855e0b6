/**
 * After how long without a touch this browser locks itself, as a person chose here.
 *
 *     touch in any tab ─▶ localStorage: when      looked at now and then, and when the page comes back ─too long▶ lock
 *
 * Timers stand still while a computer sleeps: the look that comes with waking up finds how long it was.
 *
 * @module
 */

/** Minutes. */
export const idleChoices = [1, 5, 15, 60] as const

export type IdleMinutes = (typeof idleChoices)[number]

/** In `localStorage`; absent: never. */
const choiceKey = 'effigy-idle-lock'
const touchedKey = 'effigy-touched'

/** Ms between two notes of a touch, and between two looks. */
const noteMs = 5_000

export function idleLock(): IdleMinutes | null {
  const stored = Number(localStorage.getItem(choiceKey))
  return idleChoices.find((minutes) => minutes === stored) ?? null
}

export function chooseIdleLock(minutes: IdleMinutes | null): void {
  if (minutes === null) localStorage.removeItem(choiceKey)
  else localStorage.setItem(choiceKey, String(minutes))
  noteTouch(Date.now())
}

export interface IdleStore {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/** `now`: wall clock, ms. A clock that went back counts from now. */
export function isIdle(minutes: IdleMinutes | null, now: number, store: IdleStore = localStorage): boolean {
  if (minutes === null) return false
  const touched = Number(store.getItem(touchedKey) ?? now)
  if (!Number.isFinite(touched) || touched > now) {
    noteTouch(now, store)
    return false
  }
  return now - touched >= minutes * 60_000
}

export function noteTouch(now: number, store: IdleStore = localStorage): void {
  try {
    store.setItem(touchedKey, String(now))
  } catch {
    // A browser that keeps nothing keeps no choice of minutes either.
  }
}

/**
 * Whoever waits for long work is there: each step that it tells of is a touch, and the browser does not lock itself meanwhile.
 * What was idle for too long by then, as after a sleep, is locked all the same.
 */
export function asTouch<Told extends readonly unknown[]>(
  tell: (...told: Told) => void,
): (...told: Told) => void {
  return (...told) => {
    tell(...told)
    const now = Date.now()
    const isNoted = Math.abs(now - Number(localStorage.getItem(touchedKey))) < noteMs
    if (!isNoted && !isIdle(idleLock(), now)) noteTouch(now)
  }
}

const touches = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/**
 * Calls `lock` when it is time, until disposed. To unlock is a touch, noted by who does it; to load a page, or another tab, is
 * none.
 */
export function watchIdle(lock: () => void): Disposable {
  const stop = new AbortController()
  const { signal } = stop
  let notedMs = Number.NEGATIVE_INFINITY

  function touched(): void {
    const nowMs = performance.now()
    if (nowMs - notedMs < noteMs) return
    // What was idle for too long is locked before it is touched.
    if (look()) return
    notedMs = nowMs
    noteTouch(Date.now())
  }

  function look(): boolean {
    if (!isIdle(idleLock(), Date.now())) return false
    lock()
    return true
  }

  look()
  for (const type of touches) addEventListener(type, touched, { signal, passive: true, capture: true })
  document.addEventListener('visibilitychange', () => void look(), { signal })
  const timer = setInterval(look, noteMs)
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  return { [Symbol.dispose]: () => stop.abort() }
}
