/**
 * A process of its own: the hub that ships, on a free loopback port, with settings from the command line.
 *
 *     HubStart as JSON ─▶ HubReady      'usage' ─▶ HubUsage      'stop' or a lost parent: ends in good order
 *
 * @module
 */
import { sharedTimersClock } from '@effigy/sync'
import { saveWhenQuiet } from '../../apps/hub/src/operating/quiet.ts'
import type { HubReady, HubStart, HubUsage } from './hub-process.ts'
import { openHub } from './hub-world.ts'

const { changes, home } = JSON.parse(process.argv[2] ?? '{}') as HubStart
const world = await openHub(changes, home)
// As in main.ts.
saveWhenQuiet({ clock: sharedTimersClock, log: { info() {} } })

async function stop(): Promise<void> {
  await world[Symbol.asyncDispose]()
  process.exit(0)
}

process.on('message', (message) => {
  if (message === 'stop') void stop()
  if (message !== 'usage') return
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, external } = process.memoryUsage()
  const sessions = world.peer.traffic().length
  process.send?.({ cpuSeconds: (user + system) / 1e6, rss, heapUsed, external, sessions } satisfies HubUsage)
})
process.on('disconnect', () => void stop())
process.send?.({ url: world.url, port: world.hub.port, identity: world.hub.identity } satisfies HubReady)
