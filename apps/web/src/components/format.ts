/**
 * Numbers, sizes, dates and times as the language of now writes them.
 *
 * @module
 */
import { spokenLanguage } from '../words/language.ts'

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(spokenLanguage()).format(value)
}

/** `share`: from 0 to 1. */
export function formatPercent(share: number): string {
  return new Intl.NumberFormat(spokenLanguage(), { style: 'percent' }).format(share)
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** Powers of 1,000, as systems show them: `1.2 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let at = 0
  while (value >= 1_000 && at < units.length - 1) {
    value /= 1_000
    at++
  }
  const unit = units[at] ?? 'byte'
  return new Intl.NumberFormat(spokenLanguage(), {
    style: 'unit',
    unit,
    unitDisplay: at === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && at > 0 ? 1 : 0,
  }).format(value)
}

/** As players show it: `1:07:09`. Whole seconds, at most. */
export function formatLength(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  const language = spokenLanguage()
  return shown
    .map((part, at) =>
      new Intl.NumberFormat(language, { minimumIntegerDigits: at === 0 ? 1 : 2, useGrouping: false }).format(
        part,
      ),
    )
    .join(':')
}

/** `at`: ms. Date and time, whole: for a title. */
export function formatDateTime(at: number): string {
  return new Intl.DateTimeFormat(spokenLanguage(), { dateStyle: 'full', timeStyle: 'short' }).format(at)
}

/** Hours and minutes. `at`: ms. */
export function formatTime(at: number): string {
  return new Intl.DateTimeFormat(spokenLanguage(), { timeStyle: 'short' }).format(at)
}

export function formatDate(at: number): string {
  return new Intl.DateTimeFormat(spokenLanguage(), { dateStyle: 'medium' }).format(at)
}

const steps = [
  ['minute', 60_000, 3_600_000],
  ['hour', 3_600_000, 86_400_000],
  ['day', 86_400_000, 7 * 86_400_000],
] as const

/** How long ago, up to a week; then the date. Both in ms. */
export function formatAgo(at: number, now: number): string {
  const ago = Math.max(0, now - at)
  const language = spokenLanguage()
  if (ago < 60_000) return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(0, 'second')
  for (const [unit, length, until] of steps) {
    if (ago < until)
      return new Intl.RelativeTimeFormat(language, { style: 'short' }).format(-Math.floor(ago / length), unit)
  }
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(at)
}
