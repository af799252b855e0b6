/**
 * The service `moderation` (spec V92, V94): members report, and ask what was taken down here.
 *
 * @module
 */
import { err, ok, parseCid, parseIdentity } from '@effigy/core'
import { type Clock, createPaces, type Service, type ServiceCall } from '@effigy/sync'
import { isReason, type NewReport, type Reports, reportLimits } from './reports.ts'
import type { TakeDownList } from './take-downs.ts'

export const moderationService = 'moderation'

/** Contents in one question. */
export const maxContents = 64
/** Questions of one asker. */
const asksPerMinute = 60
const askBurst = 20
const pacesKept = 4_096

export interface ModerationDeps {
  readonly reports: Pick<Reports, 'report'>
  readonly takeDowns: Pick<TakeDownList, 'get'>
  readonly clock: Pick<Clock, 'monotonic'>
}

/** Whoever has a session may have it: they were admitted. */
export function createModeration({ reports, takeDowns, clock }: ModerationDeps): Service {
  const tooFast = createPaces({ perSecond: asksPerMinute / 60, burst: askBurst, kept: pacesKept, clock })
  const badValue = err({ code: 'bad-value', retryMs: null })

  return {
    name: moderationService,
    isFor: () => true,
    methods: {
      async report(call) {
        const report = readReport(call)
        if (report === null) return badValue
        const kept = await reports.report(report)
        return kept.ok ? ok({ value: {} }) : kept
      },
      async state(call) {
        const contents = readContents(call)
        if (contents === null) return badValue
        const waitMs = tooFast(call.remote)
        if (waitMs > 0) return err({ code: 'too-fast', retryMs: waitMs })
        const takendown = contents.flatMap((content) => {
          const found = takeDowns.get(content)
          return found === null ? [] : [[content, found.at]]
        })
        return ok({ value: { takendown } })
      },
    },
  }
}

function readReport({ remote, value }: ServiceCall): NewReport | null {
  const { about, content, reason, text, ...more } = value
  const meant = typeof about === 'string' ? parseIdentity(about) : null
  const named = typeof content === 'string' ? parseCid(content) : null
  if (meant === null || (content !== null && named === null) || Object.keys(more).length > 0) return null
  if (!isReason(reason) || typeof text !== 'string' || text.length > reportLimits.textLength) return null
  return text.isWellFormed() ? { from: remote, about: meant, content: named, reason, text } : null
}

function readContents({ value: { contents, ...more } }: ServiceCall) {
  if (!Array.isArray(contents) || contents.length < 1 || contents.length > maxContents) return null
  if (Object.keys(more).length > 0) return null
  const cids = contents.map((name) => (typeof name === 'string' ? parseCid(name) : null))
  return cids.every((cid) => cid !== null) ? cids : null
}
