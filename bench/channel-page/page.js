/**
 * One side of a data channel: bare, or a link of ours. The other one is another tab, or whoever gets `take` and `onSignal`.
 *
 *     /?side=0   receives        /?side=1   sends
 *
 * @module
 */
import { negotiate } from '@effigy/links'
import { openPageRtc } from '@effigy/links/page'
import { silentLog, systemClock } from '@effigy/sync'

const side = Number(new URLSearchParams(location.search).get('side') ?? 0)
const other = new BroadcastChannel('effigy-channel')
const never = new AbortController().signal

/** Signals go to the other tab, unless somebody else carries them. */
const carrier = { send: (signal) => other.postMessage(signal) }
const link = Promise.withResolvers()

const negotiation = negotiate({
  rtc: openPageRtc(),
  clock: systemClock,
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  log: silentLog,
  polite: side === 1,
  policy: () => 'all',
  iceServers: async () => [],
  send: (signal) => carrier.send(signal),
  onLink(opened) {
    link.resolve(opened)
  },
  signal: never,
})

const bareConnection = new RTCPeerConnection()
const bareChannel = bareConnection.createDataChannel('bare', { negotiated: true, id: 0 })
bareChannel.binaryType = 'arraybuffer'
/** When each message came that nobody has counted yet, and who waits for so many. */
let arrived = []
let waiting = { count: Number.POSITIVE_INFINITY, done() {} }
bareChannel.onmessage = () => {
  arrived.push(performance.now())
  if (arrived.length === waiting.count) waiting.done()
}
bareConnection.onicecandidate = ({ candidate }) =>
  other.postMessage({ bare: 'candidate', candidate: candidate?.toJSON() ?? null })

other.onmessage = async ({ data }) => {
  if (data.bare === undefined) {
    negotiation.receive(data)
  } else if (data.bare === 'candidate') {
    if (data.candidate !== null) await bareConnection.addIceCandidate(data.candidate).catch(() => {})
  } else {
    await bareConnection.setRemoteDescription(data.description)
    if (data.bare === 'offer') await describeBare('answer')
  }
}

async function describeBare(type) {
  await bareConnection.setLocalDescription()
  other.postMessage({ bare: type, description: bareConnection.localDescription.toJSON() })
}

const isOpen = () =>
  bareChannel.readyState === 'open' || new Promise((resolve) => bareChannel.addEventListener('open', resolve))

globalThis.app = {
  /** Both, from the side that sends. */
  async connect() {
    negotiation.connect()
    await describeBare('offer')
    await Promise.all([link.promise, isOpen()])
  },

  /** Gives the ms from the first of `count` messages of `size` bytes to the last. */
  async receiveBare({ count }) {
    await new Promise((done) => {
      waiting = { count, done }
      if (arrived.length === count) done()
    })
    const ms = arrived.at(-1) - arrived[0]
    arrived = []
    return ms
  },

  async sendBare({ count, size }) {
    bareChannel.bufferedAmountLowThreshold = 256 * 1024
    for (let sent = 0; sent < count; sent++) {
      if (bareChannel.bufferedAmount > 1024 * 1024) {
        await new Promise((resolve) =>
          bareChannel.addEventListener('bufferedamountlow', resolve, { once: true }),
        )
      }
      bareChannel.send(new Uint8Array(size))
    }
  },

  async receiveOurs({ count }) {
    const frames = (await link.promise).receive()[Symbol.asyncIterator]()
    await frames.next()
    const started = performance.now()
    for (let left = count - 1; left > 0; left--) await frames.next()
    return performance.now() - started
  },

  async sendOurs({ count, size }) {
    const opened = await link.promise
    for (let sent = 0; sent < count; sent++) {
      if (opened.bufferedBytes > 1024 * 1024) await opened.drained(never)
      opened.send(new Uint8Array(size))
    }
  },

  stats: () => negotiation.stats(),

  /** For who is no tab: signals that leave, and one that comes. */
  async carry(send) {
    carrier.send = send
  },
  take: (signal) => negotiation.receive(signal),
  /** Sends back what comes, `count` times; gives the binding. */
  async echo({ count }) {
    const opened = await link.promise
    const frames = opened.receive()[Symbol.asyncIterator]()
    for (let left = count; left > 0; left--) opened.send((await frames.next()).value)
    return [...opened.binding]
  },
  connectOurs: () => negotiation.connect(),
}
