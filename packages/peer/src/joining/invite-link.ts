/**
 * The address that carries an invite to a person (spec W2).
 *
 *     wss://hub.example/effigy/1, effigy-invite-1-… ─▶ https://hub.example/i/#effigy-invite-1-…
 *
 * @module
 */

/** Where hubs explain invites. */
export const invitePath = '/i/'

/** `url`: of the hub's WebSocket. Null where it is none. */
export function inviteLink(url: string, code: string): string | null {
  const parsed = URL.parse(url)
  const protocol = parsed?.protocol === 'wss:' ? 'https:' : parsed?.protocol === 'ws:' ? 'http:' : null
  return parsed === null || protocol === null ? null : `${protocol}//${parsed.host}${invitePath}#${code}`
}
