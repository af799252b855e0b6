/**
 * When somebody is reminded to write their words down, on this device: once there is something to lose.
 *
 *     ten notes, or a third day of use ─▶ due ─Later▶ a week of quiet ─▶ due        written down: never again
 *
 * @module
 */
import { pageAccountName } from '../accounts.ts'

/** What is kept, in `localStorage`; nothing of it tells whose account it is. */
export interface Reminder {
  /** Days on which the app was used, up to those that matter. */
  readonly days: number
  /** The last of them, as `2026-11-22`. */
  readonly day: string
  /** Wall clock, ms; 0: it was never put off. */
  readonly quietUntil: number
}

/** Own notes. */
export const notesToRemind = 10

const daysToRemind = 3

const quietMs = 7 * 24 * 60 * 60 * 1_000

export const noReminder: Reminder = { days: 0, day: '', quietUntil: 0 }

/** The same one where nothing is different. */
export function usedAt(kept: Reminder, now: number): Reminder {
  const day = new Date(now).toISOString().slice(0, 10)
  if (day === kept.day || kept.days >= daysToRemind) return kept
  return { ...kept, days: kept.days + 1, day }
}

/** A clock that went back keeps nobody quiet for longer than was asked for. */
export function isDue({ days, quietUntil }: Reminder, notes: number, now: number): boolean {
  const isQuiet = now < quietUntil && quietUntil - now <= quietMs
  return !isQuiet && (notes >= notesToRemind || days >= daysToRemind)
}

export function putOff(kept: Reminder, now: number): Reminder {
  return { ...kept, quietUntil: now + quietMs }
}

const keyNow = (): string => `effigy-words-reminder/${pageAccountName()}`

export function readReminder(): Reminder {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyNow()) ?? 'null')
    const { days, day, quietUntil } = (value ?? {}) as Partial<Reminder>
    const isWhole = typeof days === 'number' && typeof day === 'string' && typeof quietUntil === 'number'
    return isWhole ? { days, day, quietUntil } : noReminder
  } catch {
    return noReminder
  }
}

/** A browser that keeps nothing reminds more often. */
export function keepReminder(reminder: Reminder): void {
  try {
    localStorage.setItem(keyNow(), JSON.stringify(reminder))
  } catch {
    // Full, or not allowed.
  }
}

/** With the account, or when the words are written down. */
export function forgetReminder(): void {
  localStorage.removeItem(keyNow())
}
