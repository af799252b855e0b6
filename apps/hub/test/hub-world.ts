/**
 * A hub that listens on loopback, over a peer that keeps its store in memory.
 *
 * @module
 */
import { silentLog, systemClock } from '@effigy/sync'
import { readConfig } from '../src/config/config.ts'
import type { HubConfig } from '../src/config/options.ts'
import { type Hub, type HubDeps, startHub } from '../src/hub.ts'
import type { Probes } from '../src/operating/probes.ts'
import { createFakePeer, type FakePeer } from './fake-peer.ts'
import { memoryRecords } from './records.ts'

export interface HubWorld extends AsyncDisposable {
  readonly hub: Hub
  readonly fake: FakePeer
}

export function configWith(changes: Partial<HubConfig>): HubConfig {
  const read = readConfig({ flags: new Map(), environment: {}, file: null, defaultHome: '/nowhere' })
  if (!read.ok) throw new Error('the defaults are wrong')
  return { ...read.value.config, port: 0, ...changes }
}

/** Of a machine that has plenty of everything, but for `changes`. */
export function probesWith(changes: Partial<Probes> = {}): Probes {
  return {
    descriptorLimit: () => null,
    openDescriptors: () => null,
    memory: () => [],
    freeBytes: () => null,
    ...changes,
  }
}

/** `fakes` gets the peer, also when the hub does not start. */
export function depsWith(fakes: FakePeer[]): HubDeps {
  return {
    async openPeer(hooks) {
      const fake = await createFakePeer(hooks)
      fakes.push(fake)
      return fake.peer
    },
    records: memoryRecords(),
    probes: probesWith(),
    clock: systemClock,
    log: silentLog,
    version: '9.9.9',
  }
}

export async function startTestHub(
  changes: Partial<HubConfig> = {},
  deps: Partial<HubDeps> = {},
): Promise<HubWorld> {
  const fakes: FakePeer[] = []
  const hub = await startHub({ ...depsWith(fakes), ...deps }, configWith(changes))
  const [fake] = fakes
  if (fake === undefined) throw new Error('the hub opened no peer')
  return { hub, fake, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() }
}
