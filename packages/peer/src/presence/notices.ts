/**
 * What a person may look up of those who were turned away, and of hubs that did something odd: bounded, in memory.
 *
 *     note(hub, who or code) ─▶ counted under one line, the newest first
 *
 * @module
 */
import type { Identity } from '@effigy/core'

export interface Notice<Subject extends string> {
  readonly subject: Subject
  readonly hub: Identity
  readonly count: number
  readonly at: number
}

export interface Notices<Subject extends string> {
  note(hub: Identity, subject: Subject, at: number): void
  /** The newest first. */
  list(): readonly Notice<Subject>[]
}

const maxNotices = 64

export function createNotices<Subject extends string>(): Notices<Subject> {
  const notices = new Map<string, Notice<Subject>>()
  return {
    note(hub, subject, at) {
      const key = `${hub} ${subject}`
      const count = (notices.get(key)?.count ?? 0) + 1
      // Behind all others.
      notices.delete(key)
      notices.set(key, { subject, hub, count, at })
      const [oldest] = notices.keys()
      if (notices.size > maxNotices && oldest !== undefined) notices.delete(oldest)
    },
    list: () => [...notices.values()].reverse(),
  }
}
