/**
 * What the hub counts, as `/metrics` shows it. The names are documented in docs/hub/running.md and stay.
 *
 * @module
 */
import type { Acceptor } from '@effigy/links/node'
import type { Store } from '@effigy/store'
import type { Readiness } from '../readiness.ts'
import type { HubState } from '../state.ts'
import type { Family } from './metrics.ts'
import type { Probes } from './probes.ts'
import type { Tally } from './tally.ts'

export interface FamilySources {
  readonly version: string
  readonly tally: Pick<Tally, 'events' | 'closed' | 'refused'>
  readonly acceptor: Acceptor
  readonly probes: Probes
  readonly store: Pick<Store, 'drops' | 'leases'>
  readonly state: () => HubState
  readonly readiness: () => Readiness
  readonly relayedBytes: () => number
  /** When the certificate ends, ms since 1970; null where there is none. */
  readonly certificateEnds: () => number | null
}

const of = (
  name: string,
  type: Family['type'],
  help: string,
  read: Family['read'],
  label?: string,
): Family => (label === undefined ? { name, type, help, read } : { name, type, help, read, label })

export function hubFamilies(sources: FamilySources): readonly Family[] {
  const { acceptor, tally, state, store, probes } = sources
  const { traffic } = acceptor
  const gauge = (name: string, help: string, read: Family['read'], label?: string): Family =>
    of(name, 'gauge', help, read, label)
  const counter = (name: string, help: string, read: Family['read'], label?: string): Family =>
    of(name, 'counter', help, read, label)
  const both = (received: number, sent: number): ReadonlyMap<string, number> =>
    new Map([
      ['in', received],
      ['out', sent],
    ])
  return [
    gauge('hub_info', 'Always 1.', () => new Map([[sources.version, 1]]), 'version'),
    gauge('ready', '1 while /readyz says so.', () => Number(sources.readiness().ready)),
    gauge('connections', 'Open WebSockets.', () => acceptor.connections),
    gauge('sessions', 'Devices whose session stands.', () => state().sessions),
    gauge('members', 'Devices it keeps data for.', () => state().members),
    gauge('feeds', 'Feeds kept up to date.', () => state().feeds),
    gauge('entries', 'Entries of those.', () => state().entries),
    gauge('entry_bytes', 'And their bytes.', () => state().entryBytes),
    gauge('blocks', 'Blocks of files.', () => state().blobs),
    gauge('block_bytes', 'And their bytes.', () => state().blobBytes),
    gauge('drop_bytes', 'Bytes that wait in boxes.', () => store.drops?.totalBytes ?? null),
    gauge('leases', 'Feeds that are promised to be kept.', () => store.leases?.feeds().length ?? null),
    gauge('leased_bytes', 'Bytes promised.', () => store.leases?.promised(null) ?? null),
    gauge('unsent_bytes', 'Bytes that wait to leave over WebSockets.', () => acceptor.unsentBytes()),
    counter(
      'frames_total',
      'Frames over WebSockets.',
      () => both(traffic.framesIn, traffic.framesOut),
      'direction',
    ),
    counter('frame_bytes_total', 'Their bytes.', () => both(traffic.bytesIn, traffic.bytesOut), 'direction'),
    counter('relayed_bytes_total', 'Bytes carried between members.', sources.relayedBytes),
    counter(
      'connections_refused_total',
      'WebSockets refused, by reason.',
      () => acceptor.refusedBy,
      'reason',
    ),
    counter('connections_displaced_total', 'Cut in their handshake to make room.', () => acceptor.displaced),
    counter(
      'handshakes_refused_total',
      'Handshakes without a session, by code.',
      () => tally.refused,
      'code',
    ),
    counter('sessions_closed_total', 'Sessions that ended, by code.', () => tally.closed, 'code'),
    counter('events_total', 'Lines of the log, by event.', () => tally.events, 'event'),
    gauge('descriptor_limit', 'Descriptors that it may open.', () => probes.descriptorLimit()),
    gauge('disk_free_bytes', 'Free bytes of the disk under its home.', () => probes.freeBytes()),
    gauge('certificate_ends_seconds', 'When the TLS certificate ends, Unix time.', () => {
      const endsMs = sources.certificateEnds()
      return endsMs === null ? null : endsMs / 1000
    }),
  ]
}
