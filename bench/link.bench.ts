/**
 * Linking a second device to an account whose first one has written 5,000 entries: two peers with stores on disk, over
 * loopback WebSockets, the persons quick. From the code that was read to the last entry.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccountSecrets, AccountVault } from '@effigy/crypto'
import { createNodeCrypto } from '@effigy/crypto/node'
import type { AccountLink } from '@effigy/peer'
import { openNodeStore } from '@effigy/store/node'
import { systemClock } from '@effigy/sync'
import { makeCorpus } from './corpus.ts'
import { cpuSeconds, type Figure, figure } from './figure.ts'
import { listen, openBenchPeer } from './peers.ts'

const total = 5_000

export async function* bench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  try {
    const crypto = createNodeCrypto()
    const [corpus] = await makeCorpus(crypto, { authors: 1, entriesEach: total, seed: 'link' })
    if (corpus === undefined) return
    {
      using store = openNodeStore(join(folder, 'laptop'), { sha256: crypto.sha256, now: systemClock.now })
      const { entries, bodies, record } = corpus
      store.appendOwn(
        entries.map((entry) => ({ entry, body: bodies.get(entry.entry.payload as never) ?? null })),
        record,
      )
    }
    await using laptop = await openBenchPeer(join(folder, 'laptop'), {
      signer: corpus.signer,
      vault: memoryVault(),
    })
    await using phone = await openBenchPeer(join(folder, 'phone'), {
      vault: memoryVault(),
    })
    await laptop.peer.account.create({ label: 'laptop' })
    const server = await listen(laptop.peer)
    const cpu = cpuSeconds()
    const started = performance.now()
    const sinceStart = (): number => (performance.now() - started) / 1000
    const shown = laptop.peer.account.showLink({ places: [server.address] })
    const read = phone.peer.account.readLink(shown.text ?? '', { label: 'phone' })
    await Promise.all([confirm(shown), confirm(read)])
    const linkedSeconds = sinceStart()
    let firstSeconds = Number.NaN
    let [steps, falls, share] = [0, 0, 0]
    for await (const { done, total: all } of phone.peer.account.history(AbortSignal.timeout(120_000))) {
      if (Number.isNaN(firstSeconds) && done > 0) firstSeconds = sinceStart() - linkedSeconds
      if (done / Math.max(1, all) < share) falls++
      share = done / Math.max(1, all)
      steps++
    }
    const seconds = sinceStart()
    yield figure('link, until both say so', linkedSeconds, 's')
    yield figure('link, first progress after that', firstSeconds, 's', {
      ratio: firstSeconds,
      of: '1 s at most',
    })
    yield figure('link, told progress', steps, 'times')
    yield figure('link, progress that fell', falls, 'times')
    yield figure('link, progress in the end', share * 100, '%')
    yield figure(`link, all of ${total} entries`, seconds, 's', { ratio: seconds / 30, of: '30 s at most' })
    yield figure('link, CPU of both', cpuSeconds() - cpu, 's')
    await server.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Confirms what is shown; resolves when it is over. */
async function confirm(link: AccountLink): Promise<void> {
  for await (const { type } of link.states(AbortSignal.timeout(60_000))) {
    if (type === 'comparing') link.decide(true)
  }
  const outcome = await link.outcome
  if (!outcome.ok) throw new Error(`not linked: ${JSON.stringify(outcome)}`)
}

function memoryVault(): AccountVault {
  let secrets: AccountSecrets = { phrase: null, synod: null }
  return {
    read: () => secrets,
    async keep(next) {
      secrets = next
    },
  }
}
