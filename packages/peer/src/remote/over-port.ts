/**
 * The peer of a page, over its end of a port.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { EffigyError } from '@effigy/core'
import { livePath, type PortClient } from './client.ts'
import { proxyOf } from './members.ts'
import { maxDirectoryFiles } from './peer-root.ts'
import { peerTable } from './peer-table.ts'
import type { RemoteDirectoryFile, RemotePeer } from './remote-peer.ts'

/** `close` is what disposing it does. */
export function createRemotePeer(
  { invoke, sources }: Pick<PortClient, 'invoke' | 'sources'>,
  identity: Identity,
  close: () => Promise<void>,
): RemotePeer {
  const members = proxyOf(peerTable, { identity }, invoke, 'peer.')
  const own: Pick<RemotePeer, 'addFile' | 'addDirectory' | 'live' | typeof Symbol.asyncDispose> = {
    addFile: async (source, options) =>
      (await invoke('peer.addFile', 'once', [sources.offer(source), options])) as Awaited<
        ReturnType<RemotePeer['addFile']>
      >,
    async addDirectory(entries, options) {
      const files: RemoteDirectoryFile[] = []
      for await (const file of entries) {
        if (files.length >= maxDirectoryFiles) {
          throw new EffigyError('port-argument', `more than ${maxDirectoryFiles} files at once`)
        }
        files.push(file)
      }
      const offered = files.map(({ path, content }) => ({
        path,
        content: content === null ? null : sources.offer(content),
      }))
      const added = await invoke('peer.addDirectory', 'once', [offered, options])
      return added as Awaited<ReturnType<RemotePeer['addDirectory']>>
    },
    live: (query, args, signal) => invoke(livePath, 'stream', [query, args, signal]) as never,
    [Symbol.asyncDispose]: close,
  }
  // The table and `RemotePeer` say the same: the type is derived from it.
  return { ...members, ...own } as unknown as RemotePeer
}
