/**
 * One RTCPeerConnection with its one channel, not yet opened: what a page uses itself, and what it lends to its worker.
 *
 *     openPageConnection ─▶ { connection, channel, facts }
 *
 * @module
 */
import { EffigyError } from '@effigy/sync'
import type { ChannelFacts } from '../webrtc/data-channel.ts'
import { readSdp, writeSdp } from '../webrtc/description.ts'
import { readIceUrl } from '../webrtc/ice-url.ts'
import type {
  RtcCandidateKind,
  RtcConnection,
  RtcDescription,
  RtcEvents,
  RtcIceServer,
  RtcOptions,
  RtcState,
  RtcStats,
} from '../webrtc/rtc-port.ts'

export interface PageConnection {
  readonly connection: RtcConnection
  /** In this very task it may still be handed to a worker. */
  readonly channel: RTCDataChannel
  /** Once the channel is open; null: they are not to be had, and the connection is closed. */
  facts(): Promise<ChannelFacts | null>
  /** Closes, and tells `onEnd`: the channel is over. */
  end(): void
}

/** Bytes; without `sctp` what every stack takes. */
const usualMaxMessageBytes = 65_536

/** Throws `EffigyError` `rtc` where the platform refuses. */
export function openPageConnection(
  { iceServers, policy }: RtcOptions,
  events: Omit<RtcEvents, 'onOpen'>,
): PageConnection {
  const connection = create({
    iceServers: usable(iceServers),
    iceTransportPolicy: policy,
    bundlePolicy: 'max-bundle',
  })
  const channel = connection.createDataChannel('effigy', { negotiated: true, id: 0, ordered: true })
  let own: RtcDescription | null = null
  let other: RtcDescription | null = null
  let isOver = false

  function close(): void {
    isOver = true
    connection.close()
  }

  function end(): void {
    if (isOver) return
    close()
    events.onEnd()
  }

  connection.addEventListener('connectionstatechange', () => {
    const state = connection.connectionState
    if (isOver) return
    if (state === 'closed') end()
    else if (state !== 'new') events.onState(state satisfies RtcState)
  })
  connection.addEventListener('icecandidate', ({ candidate }) => {
    if (isOver || candidate === null || candidate.candidate === '') return
    const ufrag = candidate.usernameFragment ?? own?.ufrag
    if (ufrag) events.onCandidate({ line: candidate.candidate, ufrag })
  })
  // The only channel there is was made by both sides.
  connection.addEventListener('datachannel', end)

  async function refused<Value>(run: () => Promise<Value>): Promise<Value> {
    if (isOver) throw new EffigyError('rtc', 'the connection is closed')
    try {
      return await run()
    } catch (cause) {
      if (cause instanceof EffigyError) throw cause
      throw new EffigyError('rtc', 'the browser refuses', { cause })
    }
  }

  async function putInForce(
    made: RTCLocalSessionDescriptionInit,
    type: RtcDescription['type'],
  ): Promise<RtcDescription> {
    // Candidates may come before this is over, and say themselves what they belong to.
    await connection.setLocalDescription(made)
    own = readSdp(type, connection.localDescription?.sdp ?? '')
    if (own === null) throw new EffigyError('rtc', 'a description of a form that is not known')
    return own
  }

  return {
    channel,
    end,
    async facts() {
      if (isOver) return null
      const certificate = connection.sctp?.transport.getRemoteCertificates?.()[0]
      // Firefox does not show it: it has compared it with the description, as all do.
      const shown =
        certificate === undefined
          ? (other?.fingerprint ?? null)
          : await crypto.subtle.digest('SHA-256', certificate).then(
              (digest) => new Uint8Array(digest),
              () => null,
            )
      if (isOver || own === null || shown === null) return null
      const maxMessageBytes = Math.min(connection.sctp?.maxMessageSize ?? usualMaxMessageBytes, 2 ** 30)
      return { maxMessageBytes, ownFingerprint: own.fingerprint, otherFingerprint: shown }
    },
    connection: {
      offer: () =>
        refused(async () => putInForce(await connection.createOffer({ iceRestart: own !== null }), 'offer')),
      answer: (offer) =>
        refused(async () => {
          await connection.setRemoteDescription({ type: 'offer', sdp: writeSdp(offer) })
          other = offer
          return putInForce(await connection.createAnswer(), 'answer')
        }),
      accept: (answer) =>
        refused(async () => {
          await connection.setRemoteDescription({ type: 'answer', sdp: writeSdp(answer) })
          other = answer
        }),
      addCandidate({ line, ufrag }) {
        if (isOver) return
        // One that it cannot use is as good as none.
        connection.addIceCandidate({ candidate: line, sdpMid: '0', usernameFragment: ufrag }).catch(() => {})
      },
      setIceServers(servers) {
        if (isOver) return
        try {
          connection.setConfiguration({ ...connection.getConfiguration(), iceServers: usable(servers) })
        } catch {
          // The names from before may still be good.
        }
      },
      stats: () => refused(async () => readStats(await connection.getStats())),
      close() {
        if (!isOver) close()
      },
    },
  }
}

function create(configuration: RTCConfiguration): RTCPeerConnection {
  try {
    return new RTCPeerConnection(configuration)
  } catch (cause) {
    throw new EffigyError('rtc', 'the browser makes no connection', { cause })
  }
}

/** One address that a browser does not understand would cost all of them. */
function usable(servers: readonly RtcIceServer[]): RTCIceServer[] {
  return servers.flatMap(({ urls, username, credential }) => {
    const known = urls.filter((url) => {
      const read = readIceUrl(url)
      return read !== null && (read.type === 'stun' || (username !== undefined && credential !== undefined))
    })
    if (known.length === 0) return []
    return [
      {
        urls: known,
        ...(username !== undefined && { username }),
        ...(credential !== undefined && { credential }),
      },
    ]
  })
}

/** What we read of the entries of a report, whatever their type. */
interface StatsEntry {
  readonly type: string
  readonly selectedCandidatePairId?: string
  readonly selected?: boolean
  readonly localCandidateId?: string
  readonly remoteCandidateId?: string
  readonly candidateType?: RtcCandidateKind
  readonly bytesSent?: number
  readonly bytesReceived?: number
}

function readStats(report: RTCStatsReport): RtcStats {
  const entries = new Map<string, StatsEntry>()
  report.forEach((entry: StatsEntry, id: string) => void entries.set(id, entry))
  const all = [...entries.values()]
  const chosen = all.find(({ type }) => type === 'transport')?.selectedCandidatePairId
  const pair =
    chosen === undefined
      ? all.find(({ type, selected }) => type === 'candidate-pair' && selected === true)
      : entries.get(chosen)
  const channel = all.find(({ type }) => type === 'data-channel')
  const kindOf = (id: string | undefined): RtcCandidateKind | null =>
    id === undefined ? null : (entries.get(id)?.candidateType ?? null)
  return {
    bytesSent: channel?.bytesSent ?? 0,
    bytesReceived: channel?.bytesReceived ?? 0,
    local: kindOf(pair?.localCandidateId),
    remote: kindOf(pair?.remoteCandidateId),
  }
}
