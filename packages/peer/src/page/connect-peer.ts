/**
 * The one peer of a browser, for each of its pages (spec O10-O15).
 *
 *     Web Lock ─free▶ this tab leads: worker with vault, store, peer ◀─port─ this page
 *         │                                                          ◀─channel─ other pages
 *         ╰─taken▶ this tab follows whoever leads, and waits for the lock: when the leader goes, it is there at once
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { lendRtc } from '@effigy/links/page'
import { type Clock, systemClock, whenAborted } from '@effigy/sync'
import { createPortClient } from '../remote/client.ts'
import { deviceTable, type RemoteDevice } from '../remote/device.ts'
import { proxyOf } from '../remote/members.ts'
import { createRemotePeer } from '../remote/over-port.ts'
import type { FinalCode, PagePeer, PeerState } from '../remote/page-peer.ts'
import { channelPort, messagePort } from '../remote/port.ts'
import type { RemotePeer } from '../remote/remote-peer.ts'
import { parseTabMessage, type TabMessage, tabNames } from '../remote/tab-messages.ts'
import { leadPeer } from './lead.ts'
import { parsePeerState } from './peer-state.ts'
import { createStates } from './states.ts'
import { type Telling, tellSurroundings } from './surroundings.ts'
import { watchLeader } from './watch-leader.ts'

export interface ConnectPeerOptions {
  /** Of everything that this app keeps in the browser; `effigy` when omitted. */
  readonly name?: string
  /** Makes the app's worker, which calls `runPeerWorker`. */
  readonly createWorker: () => Worker
  /** Of the app: a later release has a greater number. Tabs with another one never share a peer. */
  readonly version: number
  /** Lends the worker the page's WebRTC, where it has some, until disposed; `lendRtc` when omitted. */
  readonly lend?: (port: MessagePort) => Disposable
  readonly clock?: Clock
}

/** How often a worker that fails is started again without a success in between. */
const maxFailures = 3

/** Returns at once; dispose it when the page is done. */
export function connectPeer(options: ConnectPeerOptions): PagePeer {
  const { name = 'effigy', version, createWorker, lend = lendRtc, clock = systemClock } = options
  const names = tabNames(name)
  const states = createStates({ type: 'starting', progress: null })
  /** The page is done with it, or never may have it. */
  const closing = new AbortController()
  /** Until the browser puts this page to sleep. */
  let awake = new AbortController()
  let peer: RemotePeer | null = null
  let isLeading = false
  let following: string | null = null
  let failures = 0

  const client = createPortClient({
    isReady: (path) => states.now.type === 'open' || !isOfPeer(path),
    told(raw) {
      const state = parsePeerState(raw)
      if (state === null) {
        fail('port-malformed', 'The data of this app answers in another language. Load this page again.')
        return
      }
      const wasOpen = states.now.type === 'open'
      if (state.type === 'open') {
        failures = 0
        if (peer?.identity !== state.identity) peer = createRemotePeer(client, state.identity, close)
      }
      tell(state)
      // Another peer than before, if there is one again.
      if (wasOpen && state.type !== 'open') client.lapse(isOfPeer)
      client.flush()
      if (!wasOpen && state.type === 'open') telling?.again()
    },
    heard: () => watch.heard(),
    ended(code) {
      if (code === 'port-malformed' || code === 'too-many-tabs') fail(code, endings[code])
      // Somebody else leads soon, or the same one has forgotten this tab.
      else lose()
      if (code === 'gone') say({ type: 'who', version })
    },
  })

  let telling: Telling | null = null

  function tell(state: PeerState): void {
    if (!closing.signal.aborted) states.tell(state)
  }

  function lose(): void {
    following = null
    client.detach()
    if (states.now.type !== 'failed') tell({ type: 'starting', progress: null })
  }

  function end(state: PeerState, code: string, message: string): void {
    if (closing.signal.aborted) return
    telling?.[Symbol.dispose]()
    states.tell(state)
    closing.abort(new EffigyError(code, message))
    client.close(code, message)
  }

  function fail(code: FinalCode, message: string): void {
    end({ type: 'failed', code, message }, code, message)
  }

  const watch = watchLeader(
    clock,
    () => {
      if (isLeading || awake.signal.aborted) watch.heard()
      else if (following === null) say({ type: 'who', version })
      else client.ping()
    },
    () => tell({ type: 'starting', progress: null, isSilent: true }),
  )
  whenAborted(closing.signal, () => watch[Symbol.dispose]())

  const leaving = new Set<Promise<unknown>>()

  async function close(): Promise<void> {
    end({ type: 'closed' }, 'closed', 'This page is done with its data.')
    await Promise.all(leaving)
  }

  if (globalThis.navigator.locks === undefined || globalThis.BroadcastChannel === undefined) {
    fail(
      'insecure-page',
      'Data is kept on pages of https or of this machine alone, in a browser that is not too old.',
    )
    return pagePeer()
  }

  let channel: BroadcastChannel | null = null
  const say = (message: TabMessage): void => channel?.postMessage(message)

  /** Joins the others, until the page sleeps or is done. */
  function join(): void {
    const tab = crypto.randomUUID()
    const signal = AbortSignal.any([closing.signal, awake.signal])
    if (signal.aborted) return
    const joined = new BroadcastChannel(names.channel)
    channel = joined
    let isHere = false
    joined.onmessage = ({ data }) => {
      const message = parseTabMessage(data)
      // A leader takes a tab without its lock for one that is gone.
      if (message !== null && !signal.aborted) hear(message, isHere ? tab : null)
    }
    whenAborted(signal, () => {
      joined.close()
      if (channel === joined) channel = null
    })
    track(
      hold(names.tab(tab), signal, async () => {
        isHere = true
        say({ type: 'who', version })
        await untilAborted(signal)
      }),
    )
    track(hold(names.leader, signal, () => lead(signal)))
  }

  function hear(message: TabMessage, tab: string | null): void {
    if (message.version > version) {
      fail('version-newer', 'Another tab runs a newer version of this app. Load this page again.')
      return
    }
    if (message.type !== 'leader' || message.version < version || tab === null) return
    if (isLeading || message.leader === following) return
    following = message.leader
    // Before anything is asked again: what was open is gone.
    tell({ type: 'starting', progress: null })
    client.attach(channelPort(names.pair(tab, message.leader)))
    say({ type: 'seek', version, leader: message.leader, tab })
  }

  /** As long as it holds the lock. */
  async function lead(signal: AbortSignal): Promise<void> {
    isLeading = true
    try {
      while (!signal.aborted) {
        const { port1, port2 } = new MessageChannel()
        const lent = globalThis.RTCPeerConnection === undefined ? null : new MessageChannel()
        using _lending = lent === null ? null : lend(lent.port1)
        const leader = crypto.randomUUID()
        following = leader
        tell({ type: 'starting', progress: null })
        client.attach(messagePort(port1))
        const how = await leadPeer({
          createWorker,
          name,
          version,
          leader,
          port: port2,
          rtc: lent?.port2 ?? null,
          isOpen: () => states.now.type === 'open',
          clock,
          signal: closing.signal,
          cut: awake.signal,
        })
        if (signal.aborted || how === 'cut') return
        lose()
        if (++failures >= maxFailures) {
          fail(
            `worker-${how}`,
            'The part of this app that keeps its data does not run. Load this page again.',
          )
        }
      }
    } finally {
      isLeading = false
      lose()
    }
  }

  /** Holds a lock while `work` runs; never rejects. */
  async function hold(lock: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await navigator.locks.request(lock, { signal }, work)
    } catch {
      // Else it was given up while it waited.
      if (!signal.aborted) fail('page-refused', refusal)
    }
  }

  function track(work: Promise<unknown>): void {
    leaving.add(work)
    void work.finally(() => leaving.delete(work))
  }

  /** A page that sleeps keeps nobody from the data: its worker could not answer them. */
  function sleep(): void {
    if (awake.signal.aborted) return
    awake.abort(new EffigyError('asleep', 'The browser has put this page to sleep.'))
    if (!closing.signal.aborted) lose()
  }

  function wake(): void {
    if (!awake.signal.aborted || closing.signal.aborted) return
    awake = new AbortController()
    join()
  }

  // Before this page lets go of the peer when it sleeps: that it is gone is to be told.
  telling = tellSurroundings({
    surroundings: {
      // Whoever is there is told; the next one is told when it is open.
      tell: (page, facts) => (states.now.type === 'open' ? peer?.surroundings.tell(page, facts) : null),
    },
  })
  whenAborted(
    closing.signal,
    listenAll([
      [globalThis.window, 'pagehide', sleep],
      [globalThis.window, 'pageshow', wake],
      [globalThis.document, 'freeze', sleep],
      [globalThis.document, 'resume', wake],
    ]),
  )
  try {
    join()
  } catch {
    fail('page-refused', refusal)
  }
  return pagePeer()

  function pagePeer(): PagePeer {
    return {
      get state() {
        return states.now
      },
      get peer() {
        return peer
      },
      states: states.all,
      device: proxyOf(deviceTable, {}, client.invoke, 'device.') as unknown as RemoteDevice,
      async ready(signal) {
        for await (const state of states.all(signal)) {
          if (state.type === 'open' && peer !== null) return peer
          if (state.type === 'failed') throw new EffigyError(state.code, state.message)
        }
        signal.throwIfAborted()
        throw new EffigyError('closed', 'This page is done with its data.')
      },
      persist: async () => (await navigator.storage?.persist?.()) ?? false,
      [Symbol.asyncDispose]: close,
    }
  }
}

const refusal = 'The browser does not let this page keep data, or start a worker for it.'

/** What waits until a peer is open. */
const isOfPeer = (path: string): boolean => !path.startsWith('device.')

const endings = {
  'port-malformed': 'The data of this app answers in another language. Load this page again.',
  'too-many-tabs': 'Too many tabs have this app open. Close some, and load this page again.',
} as const

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function listenAll(all: readonly (readonly [EventTarget, string, () => void])[]): () => void {
  for (const [target, type, listener] of all) target.addEventListener(type, listener)
  return () => {
    for (const [target, type, listener] of all) target.removeEventListener(type, listener)
  }
}
