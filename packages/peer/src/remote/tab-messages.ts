/**
 * What tabs and workers of one app say to each other before they speak through a port, and the names of it all
 * (spec O11-O14).
 *
 *     page ─who─▶ all          worker of the leading tab ─leader─▶ all          page ─seek─▶ that worker
 *
 * @module
 */

/** Everything of one peer in a browser hangs off its name. */
export function tabNames(name: string) {
  return {
    /** The channel that all hear. */
    channel: `${name}/tabs`,
    /** The Web Lock of the tab whose worker has the peer. */
    leader: `${name}/leader`,
    /** The Web Lock of a tab for as long as it is there. */
    tab: (tab: string): string => `${name}/tab/${tab}`,
    /** The channel between a tab and one leader: the one before hears nothing of it. */
    pair: (tab: string, leader: string): string => `${name}/tab/${tab}/${leader}`,
  } as const
}

/** `version`: of the app that says it; a newer one has the greater number. */
export type TabMessage =
  /** Who has the peer? Also says: this version is here. */
  | { readonly type: 'who'; readonly version: number }
  | { readonly type: 'leader'; readonly version: number; readonly leader: string }
  /** The tab listens on its channel with that leader. */
  | { readonly type: 'seek'; readonly version: number; readonly leader: string; readonly tab: string }

/** From page to worker, over the worker's own port. */
export type ToWorker =
  | {
      readonly type: 'start'
      readonly name: string
      readonly version: number
      readonly leader: string
      readonly port: MessagePort
      readonly rtc: MessagePort | null
    }
  | { readonly type: 'stop' }
  | { readonly type: 'ping' }

export type FromWorker =
  | { readonly type: 'started' }
  | { readonly type: 'pong' }
  | { readonly type: 'stopped' }

const maxNameLength = 64

/** Null: no message of ours. */
export function parseTabMessage(message: unknown): TabMessage | null {
  const fields = asFields(message)
  if (fields === null) return null
  const { type, version, leader, tab } = fields
  if (!isVersion(version)) return null
  switch (type) {
    case 'who':
      return { type, version }
    case 'leader':
      return isName(leader) ? { type, version, leader } : null
    case 'seek':
      return isName(leader) && isName(tab) ? { type, version, leader, tab } : null
    default:
      return null
  }
}

export function parseToWorker(message: unknown): ToWorker | null {
  const fields = asFields(message)
  if (fields === null) return null
  const { type, name, version, leader, port, rtc } = fields
  if (type === 'stop' || type === 'ping') return { type }
  if (type !== 'start' || !isName(name) || !isVersion(version) || !isName(leader)) return null
  if (!(port instanceof MessagePort) || !(rtc === null || rtc instanceof MessagePort)) return null
  return { type, name, version, leader, port, rtc }
}

export function parseFromWorker(message: unknown): FromWorker | null {
  const type = asFields(message)?.type
  return type === 'started' || type === 'pong' || type === 'stopped' ? { type } : null
}

const asFields = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxNameLength

const isVersion = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
