/**
 * A run in words.
 *
 * @module
 */
import type { Outcome } from '@effigy/testkit/simulator'
import { type Options, replayCommand } from './options.ts'

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

export function summarize(outcome: Outcome, options: Options): string {
  const { seed, people, hubs, bands, counts, quietMs, convergedMs, violations, hash, events } = outcome
  const struck = new Map<string, number>()
  for (const { fault } of bands) struck.set(fault, (struck.get(fault) ?? 0) + 1)
  const lines = [
    `seed ${seed}: ${people.length} people, ${hubs.length} hubs${outcome.enemies.length === 0 ? '' : `, against them: ${outcome.enemies.join(', ')}`}`,
    `faults: ${[...struck].map(([fault, times]) => `${fault} ${times}`).join(', ') || 'none that come and go'}`,
    `done: ${Object.entries(counts)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    convergedMs === null
      ? `not everybody agreed within ${seconds(outcome.endMs - quietMs)} after the faults were over`
      : `everybody agreed ${seconds(convergedMs - quietMs)} after the faults were over`,
    `trace: ${events} events, hash ${hash}`,
    ...violations.map(
      ({ invariant, who, what, atMs }) => `BROKEN at ${seconds(atMs)}: ${invariant}: ${who}: ${what}`,
    ),
    violations.length === 0 ? 'every invariant holds' : `again: ${replayCommand(options, seed)}`,
  ]
  return lines.join('\n')
}
