/**
 * Two people in one process: open, follow, publish, and read as it comes.
 *
 *     node examples/library.ts
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryPair } from '@effigy/links'
import { createHome, type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'

const folder = mkdtempSync(join(tmpdir(), 'effigy-library-'))
/** Goes last: what is opened below is closed by then. */
using _cleaning = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }

/** Opens the home `name`, made when it is not there. Addresses lead to Alice, over a link in memory. */
async function open(name: string): Promise<NodePeer> {
  const home = join(folder, name)
  await createHome(home)
  return await openNodePeer({ home, clock: systemClock, log: silentLog, dial: dialAlice })
}

async function dialAlice() {
  const [near, far] = memoryPair()
  void alice.accept(far)
  return near
}

// The whole of it, in 12 lines.
await using alice = await open('alice')
await using bob = await open('bob')
await bob.relate('follow', alice.identity, true)
await using _connection = bob.connect('memory:alice', { expect: alice.identity })

await alice.publish({ type: 'public_note', at: Date.now(), text: 'Hello from a library.' })

const stop = new AbortController()
for await (const items of bob.live((query) => query.timeline().items, stop.signal)) {
  for (const { state } of items) process.stdout.write(`${JSON.stringify(state)}\n`)
  if (items.length > 0) stop.abort()
}
