/**
 * FIGURES.md: a line for each figure, written by the runs themselves, never by hand.
 *
 *     old text ─lines by name─▶ one line replaced ─order of the catalogue─▶ new text
 *
 * The same runs give the same bytes: no dates, no machine, no order of writing.
 *
 * @module
 */
import type { Figure, Outcome } from './figure.ts'

const head = `# Figures

Written by \`npm run figures -- NAME [--n N] [--seed TEXT]\`, never by hand: one line for the last run of each figure.
The tests run the same code with a smaller N and write nothing.

| figure | what is tried | N | came of it | seed | not covered |
|---|---|---|---|---|---|
`

/** The text with the line of `figure` put in place, the others as they were. `order`: all names, as they are to stand. */
export function withFigure(
  text: string,
  figure: Figure,
  run: { readonly n: number; readonly seed: string; readonly outcome: Outcome },
  order: readonly string[],
): string {
  const lines = new Map<string, string>()
  for (const line of text.split('\n')) {
    const name = /^\| `([a-z-]+)` \|/.exec(line)?.[1]
    if (name !== undefined) lines.set(name, line)
  }
  lines.set(figure.name, lineOf(figure, run))
  const known = order.flatMap((name) => lines.get(name) ?? [])
  return `${head}${known.join('\n')}\n`
}

function lineOf(
  figure: Figure,
  { n, seed, outcome }: { readonly n: number; readonly seed: string; readonly outcome: Outcome },
): string {
  const counts = Object.entries(outcome.counts).map(([name, count]) => `${grouped(count)} ${name}`)
  const failed = outcome.failures.length === 0 ? [] : [`**${outcome.failures.length} FAILURES**`]
  const cells = [
    `\`${figure.name}\``,
    figure.what,
    `${grouped(n)} ${figure.unit}`,
    [...failed, ...counts].join('; '),
    `\`${seed}\``,
    figure.notCovered,
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}

/** 1234567 as 1,234,567, whatever the machine's language. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}
