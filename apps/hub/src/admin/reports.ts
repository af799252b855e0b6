/**
 * What members report to whoever runs the hub (spec V92): kept until it is resolved, and for 90 days more.
 *
 *     report ─known reason? short? pace, room?▶ records `reports` ─▶ operator ─resolve▶ kept for a while ─▶ gone
 *
 * @module
 */
import { hash } from 'node:crypto'
import { type Cid, err, type Identity, ok, parseCid, parseIdentity, type Result } from '@effigy/core'
import { type Clock, createPaces, type Log, type ServiceRefusal } from '@effigy/sync'
import type { HubStore } from '../ports/hub-store.ts'
import { recordOf } from '../ports/record-json.ts'
import { openMirror } from './mirror.ts'

export const reportReasons = ['illegal', 'abuse', 'spam', 'impersonation', 'other'] as const
export type ReportReason = (typeof reportReasons)[number]

export interface Report {
  /** Of reporter and what is meant: who reports the same again replaces it. */
  readonly id: string
  readonly from: Identity
  readonly about: Identity
  /** Of theirs what is meant; null: they themselves. */
  readonly content: Cid | null
  readonly reason: ReportReason
  readonly text: string
  /** Ms. */
  readonly at: number
  readonly resolved: { readonly at: number; readonly note: string | null } | null
  /** The hub hardly knew who reported. */
  readonly isNewcomer: boolean
}

export type NewReport = Pick<Report, 'from' | 'about' | 'content' | 'reason' | 'text'>

export interface Reports {
  /** The newest first. */
  readonly list: readonly Report[]
  get(id: string): Report | null
  report(report: NewReport): Promise<Result<null, ServiceRefusal>>
  /** False: there is none. */
  resolve(id: string, note: string | null): Promise<boolean>
}

export interface ReportsDeps {
  /** Whoever can make as many names as they like: these share few of the places (V92). */
  readonly isNewcomer: (identity: Identity) => boolean
  readonly records: HubStore
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly log: Log
  readonly signal: AbortSignal
}

export const reportLimits = {
  /** UTF-16 units of a text. */
  textLength: 1_000,
  perMinute: 1,
  burst: 6,
  /** Unresolved, of one reporter. */
  ofOne: 50,
  /** Unresolved, of all; some 6 MB. */
  ofAll: 5_000,
  /** Those of newcomers among them. */
  ofNewcomers: 500,
} as const

/** Ms that a resolved one stays. */
const resolvedKeptMs: number = 90 * 24 * 60 * 60 * 1000

/** Reporters whose pace is remembered. */
const pacesKept = 4_096

export async function openReports({
  isNewcomer,
  records,
  clock,
  log,
  signal,
}: ReportsDeps): Promise<Reports> {
  const bucket = records.bucket('reports')
  const reports = await openMirror<Report>({ bucket, parse, name: 'reports', log, signal })
  const tooFast = createPaces({
    perSecond: reportLimits.perMinute / 60,
    burst: reportLimits.burst,
    kept: pacesKept,
    clock,
  })

  function roomFor(report: Report): ServiceRefusal | null {
    const open = Array.from(reports.entries(), ([, one]) => one).filter(({ resolved }) => resolved === null)
    if (open.some(({ id }) => id === report.id)) return null
    const ofNewcomers = report.isNewcomer ? open.filter((one) => one.isNewcomer).length : 0
    if (open.length >= reportLimits.ofAll || ofNewcomers >= reportLimits.ofNewcomers)
      return { code: 'full', retryMs: 60 * 60 * 1000 }
    const ofOne = open.filter(({ from }) => from === report.from).length
    return ofOne >= reportLimits.ofOne ? { code: 'too-many', retryMs: null } : null
  }

  return {
    get list() {
      const asTheyCame = Array.from(reports.entries(), ([, report]) => report)
      return asTheyCame.reverse().sort((a, b) => b.at - a.at)
    },
    get: reports.get,
    async report(given) {
      const waitMs = tooFast(given.from)
      if (waitMs > 0) return err({ code: 'too-fast', retryMs: waitMs })
      const { from, about, content } = given
      const id = hash('sha256', `${from} ${about} ${content ?? ''}`, 'hex').slice(0, 16)
      const report = { ...given, id, at: clock.now(), resolved: null, isNewcomer: isNewcomer(from) }
      const refusal = roomFor(report)
      if (refusal !== null) return err(refusal)
      const kept = await reports.put(id, report)
      return kept.ok ? ok(null) : err({ code: 'full', retryMs: null })
    },
    async resolve(id, note) {
      const report = reports.get(id)
      if (report === null) return false
      const at = clock.now()
      return (await reports.put(id, { ...report, resolved: { at, note } }, at + resolvedKeptMs)).ok
    },
  }
}

export function isReason(value: unknown): value is ReportReason {
  return reportReasons.some((known) => known === value)
}

function parse(value: unknown, key: string): Report | null {
  const { from, about, content, reason, text, at, resolved, isNewcomer } = recordOf(value)
  const names = [from, about].map((name) => (typeof name === 'string' ? parseIdentity(name) : null))
  const [reporter, meant] = names
  const named = typeof content === 'string' ? parseCid(content) : null
  if (reporter == null || meant == null || (content !== null && named === null)) return null
  if (!isReason(reason) || typeof text !== 'string' || !Number.isSafeInteger(at)) return null
  const end = recordOf(resolved)
  return {
    id: key,
    from: reporter,
    about: meant,
    content: named,
    reason,
    text,
    at: at as number,
    resolved: Number.isSafeInteger(end.at)
      ? { at: end.at as number, note: typeof end.note === 'string' ? end.note : null }
      : null,
    isNewcomer: isNewcomer === true,
  }
}
