/**
 * Notices as they are told: reactions to one thing that stand beside each other are one line.
 *
 * @module
 */
import type { NoticeView } from '@effigy/react'

export interface Bundle {
  readonly key: string
  /** The newest first; several of reactions alone. */
  readonly notices: readonly [NoticeView, ...NoticeView[]]
  readonly isUnread: boolean
}

export function bundlesOf(notices: readonly NoticeView[]): readonly Bundle[] {
  const bundles: Bundle[] = []
  for (const notice of notices) {
    const last = bundles.at(-1)
    if (last !== undefined && belongs(last.notices[0], notice)) {
      bundles[bundles.length - 1] = {
        ...last,
        notices: [...last.notices, notice],
        isUnread: last.isUnread || notice.isUnread,
      }
    } else bundles.push({ key: notice.item.cid, notices: [notice], isUnread: notice.isUnread })
  }
  return bundles
}

function belongs(one: NoticeView, other: NoticeView): boolean {
  return one.kind === 'reaction' && other.kind === 'reaction' && one.target?.cid === other.target?.cid
}
