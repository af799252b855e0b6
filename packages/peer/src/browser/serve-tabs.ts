/**
 * The pages of one peer, at its worker (spec O11-O13): the page that started it over a port, every other tab over a channel
 * of its own, for as long as the tab is there.
 *
 *     own page ─port──────▶ ┐
 *     tab ─seek, channel──▶ ├ serveClient ─▶ home
 *     tab's Web Lock free ─▶ that client ends
 *
 * @module
 */
import type { Log } from '@effigy/sync'
import { deviceTable } from '../remote/device.ts'
import { type PortHost, serveClient } from '../remote/host.ts'
import type { AnyTable } from '../remote/members.ts'
import type { PeerState } from '../remote/page-peer.ts'
import { liveTable, peerSources } from '../remote/peer-root.ts'
import { peerTable } from '../remote/peer-table.ts'
import { channelPort, type Port } from '../remote/port.ts'
import { parseTabMessage, type TabMessage, tabNames } from '../remote/tab-messages.ts'
import type { Home } from './home.ts'

export interface TabsOptions {
  readonly name: string
  readonly version: number
  /** This worker, for as long as it runs. */
  readonly leader: string
  readonly home: () => Home
  readonly log: Log
}

export interface Tabs extends AsyncDisposable {
  /** A page that speaks through this port. */
  add(port: Port): PortHost
  /** How far the peer is, to all. */
  tell(state: PeerState): void
}

const rootTable: AnyTable = { peer: peerTable, pages: liveTable, device: deviceTable }

/** Tabs that are served at once; the next ones are told so. */
const maxTabs = 64

export function serveTabs({ name, version, leader, home, log }: TabsOptions): Tabs {
  const names = tabNames(name)
  const hosts = new Set<PortHost>()
  const tabs = new Set<string>()
  const stop = new AbortController()
  const channel = new BroadcastChannel(names.channel)
  const say = (message: TabMessage): void => channel.postMessage(message)

  function add(port: Port): PortHost {
    const host = serveClient({
      port,
      table: rootTable,
      root: () => {
        const { root, device } = home()
        return { device, peer: root?.peer ?? null, pages: root?.pages ?? null }
      },
      sources: peerSources,
      log,
    })
    hosts.add(host)
    void host.ended.then((code) => {
      hosts.delete(host)
      log.info('page.left', { code })
    })
    host.tell(home().state)
    return host
  }

  /** Until its lock is free: then the tab is closed, crashed or asleep. */
  async function serveTab(tab: string): Promise<void> {
    if (tabs.has(tab)) return
    const port = channelPort(names.pair(tab, leader))
    if (tabs.size >= maxTabs) {
      port.post({ type: 'over', code: 'too-many-tabs' })
      port.close()
      return
    }
    tabs.add(tab)
    const host = add(port)
    const gone = new AbortController()
    void host.ended.then(() => gone.abort())
    try {
      const signal = AbortSignal.any([gone.signal, stop.signal])
      await navigator.locks.request(names.tab(tab), { mode: 'shared', signal }, () => host.end('gone'))
    } catch {
      // It ended before.
    }
    await host.ended
    tabs.delete(tab)
  }

  channel.onmessage = ({ data }) => {
    const message = parseTabMessage(data)
    if (message === null || message.type === 'leader') return
    // Who has another version learns of ours by it, and knows what to do.
    if (message.type === 'who' || message.version !== version) say({ type: 'leader', version, leader })
    else if (message.leader === leader) void serveTab(message.tab)
  }
  say({ type: 'leader', version, leader })

  return {
    add,
    tell(state) {
      for (const host of hosts) host.tell(state)
    },
    async [Symbol.asyncDispose]() {
      channel.close()
      const ending = [...hosts].map((host) => {
        host.end('leaving')
        return host.ended
      })
      stop.abort()
      await Promise.all(ending)
    },
  }
}
