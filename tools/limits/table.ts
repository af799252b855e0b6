/**
 * The table of limits in docs/limits.md, made from the source that they stand in.
 *
 *     limits.ts: docstrings, names ─┐
 *     its values ───────────────────┴─▶ docs/limits.md
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import * as limits from '../../packages/sync/src/limits.ts'

const source = new URL('../../packages/sync/src/limits.ts', import.meta.url)

export const document: URL = new URL('../../docs/limits.md', import.meta.url)

interface Limit {
  readonly name: string
  readonly reason: string
  readonly value: unknown
}

/** A docstring, then `export const NAME` or a field `readonly NAME`. */
const documented = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export const (\w+)|readonly (\w+))/g
const section = /export interface (\w+) \{|^\}/gm

const defaults: Readonly<Record<string, object>> = {
  SessionLimits: limits.defaultSessionLimits,
  ServiceLimits: limits.defaultServiceLimits,
  DropLimits: limits.defaultDropLimits,
  LeaseLimits: limits.defaultLeaseLimits,
  SignalLimits: limits.defaultSignalLimits,
  RelayLimits: limits.defaultRelayLimits,
}

const titles: Readonly<Record<string, string>> = {
  '': 'Of the protocol, or of a whole peer',
  SessionLimits: 'Of one session (`SessionLimits`)',
  ServiceLimits: 'Of services in one session (`ServiceLimits`)',
  DropLimits: 'Of a drop box (`DropLimits`)',
  LeaseLimits: 'Of a holder of leases (`LeaseLimits`)',
  SignalLimits: 'Of signalling at a hub (`SignalLimits`)',
  RelayLimits: 'Of relaying at a hub (`RelayLimits`)',
}

const head = `# Limits

Every bound of frames, sessions and services: its name in \`packages/sync/src/limits.ts\`, its value, its unit and reason. Written by
\`node tools/limits/write.ts\` from there; a test compares. Those of the protocol are the same everywhere; the others are each peer's own.
Bounds of single parts stand at the top of their files: entries and payloads in \`packages/core\`, replication in \`packages/sync/src/replication\`,
sockets in \`packages/links/src/node\`, the settings of a hub in [its README](../apps/hub/README.md).
`

/** What the limits come to (`npm run bench -- bombs`); measured, not computed. */
const measured = `## What they come to

The most that these limits let through, refused as late as can be, costs whom it is sent to so much CPU time, and so much memory until it is over, beside the
bytes that were received. \`npm run bench -- bombs\`, median of nine, Node 24, one of two cores of a busy machine; the aim is 50 ms and 2 MiB each (T29).

| sent | CPU | held |
|---|---|---|
| a batch of 2,048 entries and 896 KiB that belongs to another chain | 8 ms | 2.2 MiB, 0.9 of them the entries' bytes: a right one holds as much |
| the same as references into the old chain (R5, bit 6) | 14 ms | no more |
| batches whose lengths are false | 0.1 ms | 0 |
| 4,096 cells that never decode, to who watches 100,000 feeds | 40 ms | 0.9 MiB |
| 4,096 cells in which 2,600 false prints are found, to the same | 46 ms | 1.6 MiB |
| a question for all 4,096 cells, to the same | 28 ms | 0.9 MiB |
| 65,536 prints that are nobody's, to the same | 28 ms | 0.3 MiB |
| a header of 64 KiB: brackets, numbers | 0.8 ms | 0.3 MiB |
| a payload of 256 KiB with 20,000 keys | 23 ms | 1.2 MiB |
| a drop of 64 KiB for 64 recipients none of whom we are, with two keys of our own | 9 ms | 0 |
| a drop's record of 42 KB | 3 ms | 0.3 MiB |
| ten blocks that stand for 256^9 files | 11 ms | 0 |
| a stranger's drop of 64 KiB for nobody | 0.2 ms, and one write to the disk | 0 |

How often each may come is bounded by the tables above and in the sessions: comparisons by six sets a session, calls by their pace, batches by the windows that were granted.
`

/** Everything below the introduction, from the source as it stands. */
export function limitsText(): string {
  const text = readFileSync(source, 'utf8')
  const byGroup = new Map<string, Limit[]>(Object.keys(titles).map((group) => [group, []]))
  for (const match of text.matchAll(documented)) {
    const [, comment = '', constant, field] = match
    const name = constant ?? field ?? ''
    const group = groupAt(text, match.index)
    const values = group === '' ? limits : defaults[group]
    const value = (values as Readonly<Record<string, unknown>> | undefined)?.[name]
    byGroup.get(group)?.push({ name, reason: comment.replace(/\s*\n\s*\*\s?/g, ' ').trim(), value })
  }
  const parts = [...byGroup].map(([group, list]) => {
    const rows = list.map(
      ({ name, reason, value }) => `| \`${name}\` | ${written(value)} | ${reason.replaceAll('|', '\\|')} |`,
    )
    return `## ${titles[group]}\n| name | value | what it bounds, and why |\n|---|---|---|\n${rows.join('\n')}\n`
  })
  return `${head}\n${[...parts, measured].join('\n')}`
}

/** The interface that a place in the source is inside of, or nothing. */
function groupAt(text: string, index: number): string {
  let group = ''
  for (const match of text.matchAll(section)) {
    if (match.index > index) break
    group = match[1] ?? ''
  }
  return group
}

function written(value: unknown): string {
  if (typeof value === 'number') return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  if (Array.isArray(value)) return value.map(written).join('; ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, part]) => `${written(part)} ${name}`)
    .join(', ')
}

/** Exported numbers, and fields of the defaults. */
export function limitNames(): readonly string[] {
  const names = [...Object.keys(limits).filter((name) => !name.startsWith('default'))]
  for (const values of Object.values(defaults)) names.push(...Object.keys(values))
  return names
}

/** Those that no docstring stands before. */
export function undocumented(): readonly string[] {
  const text = limitsText()
  return limitNames().filter((name) => !text.includes(`| \`${name}\` |`))
}
