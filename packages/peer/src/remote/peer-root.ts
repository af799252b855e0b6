/**
 * What stands at the worker's end of a port: the peer, once one is open, and what the page can ask for besides.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { DirectoryFile, Peer } from '../peer.ts'
import type { OpenSource, ReadSource } from './host.ts'
import { type AnyTable, membersOf } from './members.ts'
import { peerTable } from './peer-table.ts'
import { shareConnections } from './shared-connections.ts'

/** Entries of a directory that a page gives in one call. */
export const maxDirectoryFiles = 50_000

/** `live` of pages: a query goes by its name. */
export const liveTable: AnyTable = { live: 'stream' }

/** Parts whose reads are asked live as `part.read`; those of `query` go by their name alone. */
const liveParts = [
  'account',
  'conversations',
  'groups',
  'inspecting',
  'leases',
  'notices',
  'people',
  'presence',
  'privateFeed',
  'reading',
  'recovery',
  'state',
] as const

const liveNames: ReadonlyMap<string, readonly string[]> = new Map(
  [...membersOf(peerTable)].flatMap(([path, { segments, how }]): [string, readonly string[]][] => {
    if (how !== 'read') return []
    const [part, read] = segments
    if (part === 'query' && read !== undefined) return [[read, segments]]
    return segments.length === 1 || liveParts.some((one) => one === part) ? [[path, segments]] : []
  }),
)

/** What pages reach of one peer. */
export interface PeerRoot {
  readonly peer: object
  readonly pages: LivePort
}

export function createPeerRoot(peer: Peer): PeerRoot {
  const connect = shareConnections(peer.connect)
  // All else as it is, what changes too.
  return { peer: Object.assign(Object.create(peer) as object, { connect }), pages: createLivePort(peer) }
}

export interface LivePort {
  /** Throws `EffigyError` 'port-argument' for what is no read. */
  live(name: unknown, args: unknown, signal: AbortSignal): AsyncIterable<unknown>
}

/** Live queries by name, as pages ask them, of a peer of this very thread. */
export function createLivePort(peer: Peer): LivePort {
  return {
    live(name, args, signal) {
      const segments = typeof name === 'string' ? liveNames.get(name) : undefined
      if (segments === undefined || !Array.isArray(args)) {
        throw new EffigyError('port-argument', `nothing can be asked live by the name of ${String(name)}`)
      }
      const [first = '', second] = segments
      const parent: object = second === undefined ? peer : Reflect.get(peer, first)
      const read: (...args: unknown[]) => unknown = Reflect.get(parent, second ?? first)
      return peer.live(() => Reflect.apply(read, parent, args), signal)
    },
  }
}

/** Members of the peer whose first argument has bytes of the page in it. */
export const peerSources: ReadonlyMap<string, ReadSource> = new Map<string, ReadSource>([
  ['peer.addFile', (given, open) => open(given)],
  ['peer.addDirectory', readDirectory],
])

function readDirectory(given: unknown, open: OpenSource): readonly DirectoryFile[] {
  if (!Array.isArray(given) || given.length > maxDirectoryFiles) {
    throw new EffigyError('port-argument', `a list of at most ${maxDirectoryFiles} files is taken`)
  }
  return given.map((file: unknown) => {
    const isFile = typeof file === 'object' && file !== null && 'path' in file && 'content' in file
    if (!isFile || typeof file.path !== 'string') throw new EffigyError('port-argument', 'no file')
    return { path: file.path, content: file.content === null ? null : open(file.content) }
  })
}
