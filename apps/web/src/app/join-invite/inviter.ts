/**
 * Who invites: a person, or a hub in its own name, which nobody follows.
 *
 * @module
 */
import type { InviteCode } from '@effigy/core'

export interface Inviter {
  readonly type: 'person' | 'hub'
  /** Of a hub never empty: where it does not say it, its address stands for it. */
  readonly name: string
}

export function inviterOf({
  from,
  hub,
  name,
  url,
}: Pick<InviteCode, 'from' | 'hub' | 'name' | 'url'>): Inviter {
  const said = name.trim()
  if (from !== hub) return { type: 'person', name: said }
  return { type: 'hub', name: said === '' ? new URL(url).host : said }
}
