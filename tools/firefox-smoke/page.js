/**
 * A page that tries by itself what Effigy needs of a browser, and tells the server that it came from.
 *
 *     /?hub=ADDRESS&other=IDENTITY ─device, post, session, data channel─▶ /?again=IDENTITY ─still there?─▶ POST /told
 *
 * @module
 */
import { connectPeer } from '@effigy/peer/page'

const asked = new URLSearchParams(location.search)
const signal = AbortSignal.timeout(60_000)
const text = 'written in this browser'

/** Resolves when whoever asked is done with it. */
const tell = (fact) => fetch('/told', { method: 'POST', body: JSON.stringify(fact) })

const app = connectPeer({
  version: 1,
  createWorker: () =>
    new Worker(new URL('../browser-kit/peer.worker.ts', import.meta.url), { type: 'module' }),
})

try {
  await (asked.has('again') ? again() : begin())
} catch (reason) {
  await tell({ type: 'failed', code: reason?.code ?? null, message: String(reason?.message ?? reason) })
}

/** Resolves with the first state of these; rejects when it failed. */
async function reach(...types) {
  for await (const state of app.states(signal)) {
    if (types.includes(state.type)) return state
    if (state.type === 'failed') throw Object.assign(new Error(state.message), { code: state.code })
  }
  throw new Error(`it was never ${types.join(' or ')}`)
}

async function begin() {
  await reach('new')
  await app.device.create()
  const peer = await app.ready(signal)
  const { storage } = await reach('open')
  await tell({ type: 'store', ...storage })
  await tell({ type: 'vault', protection: await app.device.protection() })
  const box = (await app.device.boxKey()).toBase64({ alphabet: 'base64url', omitPadding: true })
  const named = { type: 'identification', at: Date.now(), name: '', about: '', avatar: null, hubs: [], box }
  await peer.publish(named)
  await peer.publish({ type: 'public_note', at: Date.now(), text })
  await (await peer.connect(asked.get('hub'))).ready(signal)
  const other = asked.get('other')
  await peer.relate('follow', other, true)
  await peer.watch(other)
  await tell({ type: 'session', identity: peer.identity })
  for await (const { items } of peer.live('timeline', [], signal)) {
    if (JSON.stringify(items).includes('written in Node')) break
  }
  for await (const { sessions } of peer.statuses(signal)) {
    if (sessions.some(({ identity, via }) => identity === other && via.type === 'direct')) break
  }
  const pieces = Array.from({ length: 40 }, () => crypto.getRandomValues(new Uint8Array(50_000)))
  const { root } = await peer.addFile(new Blob(pieces), { signal })
  await tell({ type: 'channel', root })
  location.replace(`?again=${peer.identity}`)
}

async function again() {
  const state = await reach('new', 'open')
  const peer = state.type === 'open' ? await app.ready(signal) : null
  const isSame = peer?.identity === asked.get('again')
  const isKept = peer !== null && JSON.stringify((await peer.query.timeline()).items).includes(text)
  await tell({ type: 'again', isSame, isKept })
}
