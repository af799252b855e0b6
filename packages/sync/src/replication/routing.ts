/**
 * What comes to whom: every message that is no answer has one machine, or is refused (spec M, R).
 *
 *     message ─▶ catching up? ─▶ heads, gossip, feeds, entries, blobs ─▶ other services
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { GossipSession } from '../gossip/gossip-session.ts'
import type { Message, Request, Watch } from '../messages.ts'
import { readProvided } from '../provided.ts'
import type { AnswerMessage } from './asked.ts'
import type { BlobSource } from './blob-source.ts'
import type { CatchUp } from './catch-up.ts'
import type { Effects } from './effects.ts'
import type { EntrySource } from './entry-source.ts'
import type { FeedSource } from './feed-source.ts'
import type { HeadsClient } from './heads-client.ts'
import type { HeadsFeed } from './heads-feed.ts'

export interface RoutingPorts {
  readonly heads: Pick<HeadsClient, 'take'>
  readonly headsFeed: HeadsFeed
  readonly gossip: Pick<GossipSession, 'take'>
  readonly feedSource: FeedSource
  readonly entrySource: EntrySource
  readonly blobSource: BlobSource
  readonly catchUp: CatchUp | null
  readonly effects: Pick<Effects, 'send'>
  /** Other services: true when it was taken. */
  onMessage(message: Message, bytes: Uint8Array): boolean
  /** The other side asked to hear of these; `replace`: and of no others any more. */
  watched(identities: readonly Identity[], replace: boolean): void
  /** Whether the other side says that it pays for each byte. */
  spare(isMetered: boolean): void
}

/** What came has one machine, or is refused. */
export function route(
  ports: RoutingPorts,
  message: Exclude<Message, AnswerMessage>,
  bytes: Uint8Array,
): void {
  const { headsFeed, feedSource, entrySource, blobSource, catchUp } = ports
  if (catchUp?.receive(message, bytes) === true) return
  switch (message.type) {
    case 'getheads':
      headsFeed.getHeads(message, bytes)
      return
    case 'watch':
      watch(ports, message, bytes)
      return
    case 'heads':
      ports.heads.take(message.count, bytes)
      return
    case 'news':
      ports.gossip.take(message, bytes)
      return
    case 'carry':
      headsFeed.carry(message, bytes)
      return
    case 'getfeed':
      feedSource.request(message, bytes)
      return
    case 'getentry':
      entrySource.request(message, bytes)
      return
    case 'iwant':
      blobSource.want(message, bytes)
      return
    case 'getblob':
      blobSource.getBlob(message, bytes)
      return
    case 'credit':
      if (!feedSource.credit(message.id, message.bytes)) ports.onMessage(message, bytes)
      return
    case 'cancel':
      for (const source of [headsFeed, feedSource, entrySource, blobSource]) source.cancel(message.id)
      catchUp?.cancel(message.id)
      ports.onMessage(message, bytes)
      return
    case 'provides':
      ports.onMessage(message, bytes)
      ports.spare(readProvided(bytes)?.metered === true)
      return
    case 'bye':
    case 'moved':
      ports.onMessage(message, bytes)
      return
    case 'presence':
    case 'messagefrom':
    case 'attempts':
    case 'relayed':
    case 'relay':
    case 'relayread':
    case 'relayend':
      ports.onMessage(message, bytes)
      return
    case 'wantservice':
    case 'call':
    case 'online':
    case 'messageto':
    case 'openrelay':
    case 'join':
      if (!ports.onMessage(message, bytes)) refuse(ports, message)
      return
    // From whom this is not for.
    case 'resume':
    case 'compare':
    case 'prints':
    case 'getprints':
    case 'list':
    case 'agree':
      refuse(ports, message)
      return
    case 'position':
      return
    case 'ping':
      return
  }
}

function watch(ports: RoutingPorts, message: Watch, bytes: Uint8Array): void {
  const identities = ports.headsFeed.watch(message, bytes)
  ports.catchUp?.plain()
  ports.watched(identities, message.replace)
}

function refuse({ effects }: RoutingPorts, { id }: Request): void {
  effects.send({ type: 'error', re: id, code: 'refused', retry: null })
}
