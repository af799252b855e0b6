/**
 * One seed, on this machine's crypto and with the hub's own parts.
 *
 * @module
 */
import { createNodeCrypto } from '@effigy/crypto/node'
import { type Outcome, simulate } from '@effigy/testkit/simulator'
import { hubHooks } from './hub-hooks.ts'
import type { Options } from './options.ts'

export function runOne(
  { peers, faults, broken }: Pick<Options, 'peers' | 'faults' | 'broken'>,
  seed: string,
): Promise<Outcome> {
  return simulate({
    seed,
    peers,
    faults: new Set(faults),
    broken,
    crypto: createNodeCrypto(),
    hub: hubHooks,
  })
}
