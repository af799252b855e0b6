/**
 * A picture of a run: who knew what when.
 *
 *     time to the right, machines down      ● published   | reached a follower   ▒ fault   ▌ off
 *
 * One HTML file without scripts; what a mark means stands in its tooltip.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Band } from './faults.ts'
import type { Outcome } from './outcome.ts'

const left = 90
const top = 40
const rowHeight = 26
const width = 1500

const bandColours: Readonly<Record<string, string>> = {
  partition: '#d9480f',
  loss: '#e8590c',
  'frame-loss': '#f08c00',
  delay: '#fab005',
  duplication: '#c2c200',
  reordering: '#82c91e',
  offline: '#868e96',
  crash: '#212529',
  'power-loss': '#7048e8',
  'restored-backup': '#1098ad',
  'clock-jump': '#e64980',
}

/** The whole file, as text. */
export function drawPicture(outcome: Outcome): string {
  const { people, hubs, identities, bands, steps, publications, quietMs, convergedMs, violations } = outcome
  const names = [...people, ...hubs]
  const endMs = Math.min(outcome.endMs, (convergedMs ?? outcome.endMs) + 20_000)
  const x = (ms: number): number => left + ((width - left - 20) * Math.min(ms, endMs)) / endMs
  const y = (name: string): number => top + rowHeight * names.indexOf(name)
  const height = top + rowHeight * names.length + 60
  const colour = (name: string): string =>
    `hsl(${Math.round((360 * names.indexOf(name)) / names.length)} 70% 42%)`
  const authorOf = new Map<Identity, string>([...identities].map(([name, identity]) => [identity, name]))
  const parts: string[] = []

  for (const band of bands) parts.push(drawBand(band, names, x, y))
  for (const name of names) {
    const at = y(name) + rowHeight / 2
    parts.push(
      `<line x1="${left}" x2="${width - 20}" y1="${at}" y2="${at}" stroke="#ced4da"/>`,
      `<text x="${left - 8}" y="${at + 4}" text-anchor="end" fill="${colour(name)}">${name}</text>`,
    )
  }
  for (const { atMs, peer, feed, epoch, length, hasEntries } of steps) {
    const author = authorOf.get(feed)
    if (author === undefined || author === peer || !hasEntries || !names.includes(peer)) continue
    const at = x(atMs).toFixed(1)
    parts.push(
      `<line x1="${at}" x2="${at}" y1="${y(peer) + 5}" y2="${y(peer) + rowHeight - 5}" stroke="${colour(author)}" stroke-width="1.5"><title>${peer} has ${author} ${epoch}/${length} at ${(atMs / 1000).toFixed(1)} s</title></line>`,
    )
  }
  for (const { atMs, author, epoch, length } of publications) {
    parts.push(
      `<circle cx="${x(atMs).toFixed(1)}" cy="${y(author) + rowHeight / 2}" r="4.5" fill="${colour(author)}"><title>${author} writes ${epoch}/${length} at ${(atMs / 1000).toFixed(1)} s</title></circle>`,
    )
  }
  for (const { atMs, who, invariant, what } of violations) {
    const at = names.includes(who) ? y(who) + rowHeight / 2 : top - 10
    parts.push(
      `<text x="${x(atMs).toFixed(1)}" y="${at + 6}" fill="#e03131" font-size="18" text-anchor="middle">✖<title>${escapeText(`${invariant}: ${who}: ${what}`)}</title></text>`,
    )
  }
  parts.push(mark(x(quietMs), height, 'quiet'))
  if (convergedMs !== null) parts.push(mark(x(convergedMs), height, 'all agree'))
  for (let ms = 0; ms <= endMs; ms += 30_000) {
    parts.push(
      `<text x="${x(ms).toFixed(1)}" y="${height - 40}" text-anchor="middle" fill="#868e96">${ms / 1000} s</text>`,
    )
  }
  const kinds = [...new Set(bands.map(({ fault }) => fault))]
  parts.push(
    ...kinds.map(
      (kind, index) =>
        `<rect x="${left + index * 125}" y="${height - 26}" width="12" height="12" fill="${bandColours[kind] ?? '#adb5bd'}" opacity="0.5"/><text x="${left + 18 + index * 125}" y="${height - 16}" fill="#495057">${kind}</text>`,
    ),
  )
  const verdict = violations.length === 0 ? 'every invariant holds' : `${violations.length} broken invariants`
  return `<!doctype html><meta charset="utf-8"><title>Simulation, seed ${escapeText(outcome.seed)}</title>
<body style="font:13px system-ui;margin:16px"><h1 style="font-size:18px">Seed ${escapeText(outcome.seed)}: ${people.length} people, ${hubs.length} hubs, ${verdict}</h1>
<p>● written, | reached this machine (colour: whose), shaded: faults${outcome.enemies.length === 0 ? '' : `; against them: ${escapeText(outcome.enemies.join(', '))}`}. Trace ${outcome.hash.slice(0, 16)}.</p>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-size="11" font-family="system-ui">
${parts.join('\n')}
</svg></body>
`
}

function drawBand(
  { fault, fromMs, toMs, who }: Band,
  names: readonly string[],
  x: (ms: number) => number,
  y: (name: string) => number,
): string {
  const title = `<title>${fault}${who.length === 0 ? '' : `: ${who.join(', ')}`}, ${(fromMs / 1000).toFixed(0)} to ${(toMs / 1000).toFixed(0)} s</title>`
  const across = Math.max(3, x(toMs) - x(fromMs)).toFixed(1)
  const rows = who.length === 0 ? names : who
  const strength = who.length === 0 ? 0.12 : 0.3
  return rows
    .map(
      (name) =>
        `<rect x="${x(fromMs).toFixed(1)}" y="${y(name)}" width="${across}" height="${rowHeight}" fill="${bandColours[fault] ?? '#adb5bd'}" opacity="${strength}">${title}</rect>`,
    )
    .join('')
}

function mark(x: number, height: number, text: string): string {
  return `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${top - 16}" y2="${height - 56}" stroke="#2b8a3e" stroke-dasharray="4 3"/><text x="${x.toFixed(1)}" y="${top - 20}" text-anchor="middle" fill="#2b8a3e">${text}</text>`
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
