/**
 * WebRTC in Node over `node-datachannel` (libdatachannel), its raw interface (decision 0019).
 *
 *     RtcConnection ─▶ PeerConnection, one negotiated DataChannel ─▶ RtcEvents
 *
 * What is native here aborts the whole process when it is asked for what it cannot do, so it is only ever handed what
 * was checked, and in an order that it knows. It frees itself when a connection closes, and then alone: channels are never
 * closed by themselves, and its `cleanup` is never called.
 *
 * @module
 */
import { EffigyError, freeBytes } from '@effigy/sync'
import type { DataChannel, IceServer, PeerConnection } from 'node-datachannel'
import { readFingerprint, readSdp, writeSdp } from '../webrtc/description.ts'
import { readIceUrl } from '../webrtc/ice-url.ts'
import {
  lowChannelBytes,
  type RtcCandidateKind,
  type RtcChannel,
  type RtcChannelListener,
  type RtcConnection,
  type RtcDescription,
  type RtcEvents,
  type RtcIceServer,
  type RtcOptions,
  type RtcPolicy,
  type RtcPort,
  type RtcState,
} from '../webrtc/rtc-port.ts'
import { openRelayWay } from './relay-way.ts'

/** Bytes; what browsers take too. */
const maxMessageBytes: number = 256 * 1024

/** Null: there is no binary for this machine. */
export async function openNodeRtc({
  takesLocal = false,
}: Pick<RtcPort, 'takesLocal'> = {}): Promise<RtcPort | null> {
  let native: typeof import('node-datachannel')
  try {
    native = await import('node-datachannel')
  } catch {
    return null
  }
  return {
    // libdatachannel has no ICE restart.
    canRestart: false,
    takesLocal,
    open: (options, events) =>
      options.policy === 'relay'
        ? openRelayed(native, options, events)
        : openConnection(native, options.iceServers.flatMap(nativeServers), 'all', events),
    watchNetwork: () => ({ [Symbol.dispose]() {} }),
  }
}

/** Of all that are not closed: garbage collection would end them. */
const alive = new Set<{ readonly connection: PeerConnection; readonly channel: DataChannel }>()

function openConnection(
  native: typeof import('node-datachannel'),
  iceServers: IceServer[],
  policy: RtcPolicy,
  events: RtcEvents,
): RtcConnection {
  const connection = new native.PeerConnection('effigy', {
    iceServers,
    iceTransportPolicy: policy,
    // It is not enough to ask (relay-way.ts).
    ...(policy === 'relay' && { bindAddress: '127.0.0.1' }),
    disableAutoNegotiation: true,
    maxMessageSize: maxMessageBytes,
  })
  const channel = connection.createDataChannel('effigy', { negotiated: true, id: 0 })
  const held = { connection, channel }
  alive.add(held)
  let own: RtcDescription | null = null
  let other: RtcDescription | null = null
  let listener: RtcChannelListener | null = null
  let isOver = false

  function mustBeOpen(): void {
    if (isOver) throw new EffigyError('rtc', 'the connection is closed')
  }

  function close(): void {
    if (isOver) return
    isOver = true
    connection.close()
  }

  function end(): void {
    if (isOver) return
    close()
    listener?.onClose()
    events.onEnd()
  }

  connection.onStateChange((state) => {
    if (state === 'closed') alive.delete(held)
    if (isOver) return
    // The way is there, and what went over it is not: the other side closed.
    const isClosed = state === 'closed' || (state === 'disconnected' && isWay(connection.iceState()))
    if (isClosed) end()
    else if (isRtcState(state)) events.onState(state)
  })
  connection.onLocalCandidate((line) => {
    if (isOver || own === null) return
    events.onCandidate({ line: line.startsWith('a=') ? line.slice(2) : line, ufrag: own.ufrag })
  })
  // The only channel there is was made by both sides.
  connection.onDataChannel(end)

  channel.onOpen(() => {
    if (isOver) return
    const opened = readOpened()
    if (opened === null) end()
    else events.onOpen(opened)
  })
  channel.onMessage((data) => {
    if (isOver) return
    if (typeof data === 'string') listener?.onMessage(null)
    else if (data instanceof ArrayBuffer) listener?.onMessage(new Uint8Array(data))
    else listener?.onMessage(new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.length))
  })
  channel.onBufferedAmountLow(() => {
    if (!isOver) listener?.onLow()
  })
  channel.setBufferedAmountLowThreshold(lowChannelBytes)
  channel.onClosed(end)
  channel.onError(end)

  /** Null: it closed meanwhile, or shows no fingerprint. */
  function readOpened(): RtcChannel | null {
    try {
      const { value, algorithm } = connection.remoteFingerprint()
      const other = readFingerprint(`${algorithm} ${value}`)
      return own === null || other === null ? null : channelOf(own.fingerprint, other)
    } catch {
      return null
    }
  }

  const channelOf = (ownFingerprint: Uint8Array, otherFingerprint: Uint8Array): RtcChannel => ({
    maxMessageBytes: channel.maxMessageSize(),
    ownFingerprint,
    otherFingerprint,
    get bufferedBytes() {
      return isOver ? 0 : channel.bufferedAmount()
    },
    listen(given) {
      listener = given
    },
    send(message) {
      if (isOver || !channel.isOpen()) return
      try {
        // It copies.
        channel.sendMessageBinary(message)
        freeBytes(message)
      } catch {
        // It closed meanwhile, and says so next.
      }
    },
  })

  /** The own description, which the native part makes and gathers candidates for at once. */
  function describe(type: RtcDescription['type']): RtcDescription {
    connection.setLocalDescription(type)
    const description = connection.localDescription()
    own = description === null ? null : readSdp(type, description.sdp)
    if (own === null) throw new EffigyError('rtc', 'a description of a form that is not known')
    return own
  }

  return {
    async offer() {
      mustBeOpen()
      if (own !== null || other !== null) throw new EffigyError('rtc', 'ICE cannot be restarted here')
      return describe('offer')
    },
    async answer(offer) {
      mustBeOpen()
      if (own !== null || other !== null) throw new EffigyError('rtc', 'ICE cannot be restarted here')
      other = offer
      connection.setRemoteDescription(writeSdp(offer), 'offer')
      return describe('answer')
    },
    async accept(answer) {
      mustBeOpen()
      if (own?.type !== 'offer' || other !== null) throw new EffigyError('rtc', 'not an answer to an offer')
      other = answer
      connection.setRemoteDescription(writeSdp(answer), 'answer')
    },
    addCandidate({ line, ufrag }) {
      if (isOver || other === null || own === null || ufrag !== other.ufrag) return
      try {
        connection.addRemoteCandidate(line, '0')
      } catch {
        // One that it cannot use.
      }
    },
    setIceServers() {},
    async stats() {
      mustBeOpen()
      const pair = connection.getSelectedCandidatePair()
      return {
        bytesSent: connection.bytesSent(),
        bytesReceived: connection.bytesReceived(),
        local: readKind(pair?.local.type),
        remote: readKind(pair?.remote.type),
      }
    },
    close,
  }
}

/** Over `relay-way.ts`, which has to be there first. */
function openRelayed(
  native: typeof import('node-datachannel'),
  { iceServers }: RtcOptions,
  events: RtcEvents,
): RtcConnection {
  const ways: Disposable[] = []
  let connection: RtcConnection | null = null
  let isOver = false

  function close(): void {
    isOver = true
    connection?.close()
    for (const way of ways.splice(0)) way[Symbol.dispose]()
  }

  const opened = (async (): Promise<RtcConnection> => {
    const servers: IceServer[] = []
    for (const server of iceServers.flatMap(nativeServers)) {
      if (server.relayType === undefined) continue
      const way = await openRelayWay(server.hostname, server.port)
      if (way === null) continue
      ways.push(way)
      servers.push({ ...server, hostname: '127.0.0.1', port: way.port })
    }
    if (isOver) {
      close()
      throw new EffigyError('rtc', 'the connection is closed')
    }
    connection = openConnection(native, servers, 'relay', {
      ...events,
      onEnd() {
        close()
        events.onEnd()
      },
    })
    return connection
  })()
  // Who waits for it hears of it.
  opened.catch(() => {})

  return {
    offer: async () => (await opened).offer(),
    answer: async (offer) => (await opened).answer(offer),
    accept: async (answer) => (await opened).accept(answer),
    addCandidate: (candidate) => connection?.addCandidate(candidate),
    setIceServers() {},
    stats: async () => (await opened).stats(),
    close,
  }
}

const isWay = (state: string): boolean => state === 'connected' || state === 'completed'

const isRtcState = (state: string): state is RtcState =>
  state === 'connecting' || state === 'connected' || state === 'disconnected' || state === 'failed'

function readKind(kind: string | undefined): RtcCandidateKind | null {
  return kind === 'host' || kind === 'srflx' || kind === 'prflx' || kind === 'relay' ? kind : null
}

/** UDP alone: libjuice, which does ICE here, speaks neither TCP nor TLS to servers. */
function nativeServers({ urls, username, credential }: RtcIceServer): readonly IceServer[] {
  return urls.flatMap((text): readonly IceServer[] => {
    const url = readIceUrl(text)
    if (url === null || url.isSecure || url.transport !== 'udp') return []
    const server = { hostname: url.host, port: url.port }
    if (url.type === 'stun') return [server]
    if (username === undefined || credential === undefined) return []
    return [{ ...server, username, password: credential, relayType: 'TurnUdp' }]
  })
}
