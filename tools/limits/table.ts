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
}

const titles: Readonly<Record<string, string>> = {
  '': 'Of the protocol, or of a whole peer',
  SessionLimits: 'Of one session (`SessionLimits`)',
  ServiceLimits: 'Of services in one session (`ServiceLimits`)',
  DropLimits: 'Of a drop box (`DropLimits`)',
  LeaseLimits: 'Of a holder of leases (`LeaseLimits`)',
}

const head = `# Limits

Every bound of frames, sessions and services: its name in \`packages/sync/src/limits.ts\`, its value, its unit and reason. Written by
\`node tools/limits/write.ts\` from there; a test compares. Those of the protocol are the same everywhere; the others are each peer's own.
Bounds of single parts stand at the top of their files: entries and payloads in \`packages/core\`, replication in \`packages/sync/src/replication\`,
sockets in \`packages/links/src/node\`, the settings of a hub in [its README](../apps/hub/README.md).
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
  return `${head}\n${parts.join('\n')}`
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

/** Exported numbers, and fields of the defaults, that no docstring stands before. */
export function undocumented(): readonly string[] {
  const text = limitsText()
  const names = [...Object.keys(limits).filter((name) => !name.startsWith('default'))]
  for (const values of Object.values(defaults)) names.push(...Object.keys(values))
  return names.filter((name) => !text.includes(`| \`${name}\` |`))
}
