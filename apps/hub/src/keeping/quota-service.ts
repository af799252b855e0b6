/**
 * Tells a member what it may have here, and what it has (spec V113).
 *
 *     quota.get {} ─▶ { feeds, maxFeeds, bytes, maxBytes, … }
 *
 * @module
 */
import { err, type Identity, ok } from '@effigy/core'
import type { Service } from '@effigy/sync'
import type { Tracking } from '../tracking.ts'

/** Of nobody but the asker's own person, so it tells nobody anything of others. */
export function quotaService(
  tracking: Pick<Tracking, 'use'>,
  isMember: (identity: Identity) => boolean,
): Service {
  return {
    name: 'quota',
    isFor: ({ remote }) => isMember(remote),
    methods: {
      get: async ({ remote }) => {
        const use = tracking.use(remote)
        return use === null ? err({ code: 'absent', retryMs: null }) : ok({ value: { ...use } })
      },
    },
  }
}
