/** A peer and its pages in one process: the port between them is a real message channel, and can be cut. */
import { silentLog } from '@effigy/sync'
import type { Peer } from '../src/peer.ts'
import { createPortClient, type PortClient } from '../src/remote/client.ts'
import { type PortHost, serveClient } from '../src/remote/host.ts'
import { createRemotePeer } from '../src/remote/over-port.ts'
import { createPeerRoot, liveTable, peerSources } from '../src/remote/peer-root.ts'
import { peerTable } from '../src/remote/peer-table.ts'
import { messagePort, type Port } from '../src/remote/port.ts'
import type { RemotePeer } from '../src/remote/remote-peer.ts'

export interface RemoteLink {
  readonly remote: RemotePeer
  readonly client: PortClient
  readonly host: PortHost
  /** Everything that was posted by the page, and to it. */
  readonly posted: { readonly from: 'page' | 'worker'; readonly message: unknown }[]
  /** Codes with which the worker ended the page. */
  readonly endings: string[]
  /** The same page goes on with another peer, as when a tab takes over. */
  moveTo(peer: Peer): PortHost
}

export function linkPage(peer: Peer): RemoteLink {
  const posted: RemoteLink['posted'] = []
  const endings: string[] = []
  const client = createPortClient({
    isReady: () => true,
    told: () => {},
    ended: (code) => void endings.push(code),
  })
  const noted = (port: Port, from: 'page' | 'worker'): Port => ({
    ...port,
    post(message, transfer) {
      posted.push({ from, message })
      port.post(message, transfer)
    },
  })
  function moveTo(next: Peer): PortHost {
    const root = createPeerRoot(next)
    const { port1, port2 } = new MessageChannel()
    const host = serveClient({
      port: noted(messagePort(port2 as never), 'worker'),
      table: { peer: peerTable, pages: liveTable },
      root: () => root,
      sources: peerSources,
      log: silentLog,
    })
    client.attach(noted(messagePort(port1 as never), 'page'))
    return host
  }
  const host = moveTo(peer)
  const remote = createRemotePeer(client, peer.identity, async () =>
    client.close('closed', 'the page is done'),
  )
  return { remote, client, host, posted, endings, moveTo }
}
