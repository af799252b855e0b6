/**
 * Tells whoever has a session what this hub is: its name, who runs it, what it asks for, what it keeps (spec V118).
 *
 *     about.get {} ─▶ { name, contact, terms, members, privacy, dropDays, leaseDays, … }
 *
 * The same that `/.well-known/effigy` says, over the session: a page need not ask another origin for it.
 *
 * @module
 */
import { ok } from '@effigy/core'
import type { Service } from '@effigy/sync'
import type { Description } from '../description.ts'

export function aboutService(
  describe: () => Pick<
    Description,
    'name' | 'contact' | 'terms' | 'members' | 'invites' | 'privacy' | 'dropbox' | 'datalease'
  >,
): Service {
  return {
    name: 'about',
    isFor: () => true,
    methods: {
      get: async () => {
        const { name, contact, terms, members, invites, privacy, dropbox, datalease } = describe()
        return ok({
          value: {
            ...{ name, contact, terms, members, invites, privacy },
            dropDays: Math.max(0, ...(dropbox?.days ?? []).map(({ days }) => days)),
            leaseDays: datalease?.days ?? 0,
          },
        })
      },
    },
  }
}
