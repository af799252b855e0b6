import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { listen, openBenchPeer } from './peers.ts'
const folder = mkdtempSync(join(tmpdir(), 'effigy-soak-'))
const unbounded = { framesPerSecond: 1e9, frameBurst: 1e9 }
const never = new AbortController().signal
const hub = await openBenchPeer(join(folder, 'h'), { kind: 'hub', limits: unbounded, signalling: { carries: () => true, limits: { messagesPerSecond: 1e9, messageBurst: 1e9 } } } as any)
const a = await openBenchPeer(join(folder, 'a'), { limits: unbounded } as any)
const b = await openBenchPeer(join(folder, 'b'), { limits: unbounded } as any)
const { address } = await listen(hub.peer)
const all = { depth: { type: 'all' }, blobs: { type: 'all' } } as any
await a.peer.publish({ type: 'public_note', at: Date.now(), text: 'hello' } as any)
await b.peer.publish({ type: 'public_note', at: Date.now(), text: 'hello' } as any)
await a.peer.relate('follow', b.peer.identity, true, all)
await b.peer.relate('follow', a.peer.identity, true, all)
hub.peer.watch?.(a.peer.identity, all); hub.peer.watch?.(b.peer.identity, all)
a.peer.connect(address); b.peer.connect(address)
await a.peer.settled(AbortSignal.timeout(20000)); await pause(3000)
console.log('a', JSON.stringify(a.peer.status()).slice(0, 300))
const bKnows = (n: number) => b.store.feed(a.peer.identity)?.heldCount ?? 0
const ops: Record<string, () => Promise<unknown>> = {
  async publish() { await a.peer.publish({ type: 'public_note', at: Date.now(), text: 'note ' + Math.random() } as any) },
  async live() { const c = new AbortController(); for await (const _ of a.peer.live((q: any) => q.timeline({ limit: 50 }), c.signal)) break; c.abort() },
  async liveNever() { for await (const _ of a.peer.live((q: any) => q.timeline({ limit: 50 }), never)) break },
  async status() { for await (const _ of a.peer.statuses(never)) break },
  async conversation() { await a.peer.conversations.write([b.peer.identity], { text: 'hi ' + Math.random() } as any) },
  async signal() { await a.peer.signals.send(b.peer.identity, { type: 'x-test' } as any, { signal: never }) },
  async reconnect() { a.peer.disconnect?.(address); await pause(20); a.peer.connect(address); await pause(120) },
}
const heap = () => { globalThis.gc?.(); globalThis.gc?.(); const m = process.memoryUsage(); return { h: m.heapUsed, x: m.external } }
for (const [name, op] of Object.entries(ops)) {
  const n = name === 'reconnect' ? 100 : 1500
  try {
    const run = async (k: number) => { for (let i = 0; i < k; i++) await op() ; await pause(1500) }
    await run(n)
    const points = [heap()]
    for (let r = 0; r < 3; r++) { await run(n); points.push(heap()) }
    const per = points.slice(1).map((p, i) => Math.round((p.h - points[i]!.h) / n))
    console.log(name, 'heap bytes/op', per.join(' '), 'external', points.slice(1).map((p, i) => Math.round((p.x - points[i]!.x) / n)).join(' '), 'held by b', bKnows(0))
  } catch (e) { console.log(name, String(e).slice(0, 200)) }
}
rmSync(folder, { recursive: true, force: true })
process.exit(0)
