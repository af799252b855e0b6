/**
 * Where others show this peer their invites: in their session, or before they may have one (spec W3).
 *
 * @module
 */
import { EffigyError, type Identity } from '@effigy/core'
import {
  type Clock,
  createDesk,
  createLobby,
  type Desk,
  type Link,
  type Log,
  type Message,
  type Redeem,
  type Session,
} from '@effigy/sync'

export interface Door {
  /** Hears a stranger out; their session is over when it resolves. */
  hear(session: Session, link: Link, signal: AbortSignal): Promise<void>
  /** For one session that stands. */
  desk(remote: Identity, send: (message: Message) => void): Desk
}

export function createDoor(
  redeem: Redeem,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Door {
  const onFailure = (error: unknown): void =>
    log.warn('join.failed', { error: error instanceof EffigyError ? error.code : 'internal' })
  const lobby = createLobby({ redeem, clock, onFailure })
  return {
    async hear(session, link, signal) {
      // As little is taken off the wire as before they were known: an invite is short (T16).
      link.confine?.(true)
      await lobby.serve(session, signal)
    },
    desk: (remote, send) => createDesk({ remote, redeem, clock, send, onFailure }),
  }
}
