import { startHubProcess } from './bench/hub-process.ts'
import { startCrowd } from './bench/hub-crowd.ts'
const n = Number(process.argv[2])
const room = n + 100
await using hub = await startHubProcess({ changes: { maxConnections: room, maxPerAddress: room, maxMembers: room } })
const f = (u: any) => ({ cpu: u.cpuSeconds, rss: u.rss / 1e6, heap: u.heapUsed / 1e6, ext: u.external / 1e6, sessions: u.sessions })
const a = await hub.usage(); console.log(f(a))
await using crowd = await startCrowd(hub, n)
console.log('ms', await crowd.open())
const b = await hub.usage(); console.log(f(b), 'cpu us per session', (b.cpuSeconds - a.cpuSeconds) * 1e6 / n)
console.log(await crowd.beat(2000))
const c = await hub.usage(); console.log(f(c), 'KB each rss', (c.rss - a.rss) / n / 1e3, 'heap', (c.heapUsed - a.heapUsed) / n / 1e3)
