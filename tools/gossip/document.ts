/**
 * What the experiments came to, as tables and plots: `docs/gossip.md` holds the tables between two marks, the
 * plots lie beside it.
 *
 * @module
 */
import { flowRuns, halvedAt, limits, mostUpdates, orderRuns, type Run } from './experiments.ts'
import { plotSvg } from './plot.ts'
import type { Moment } from './simulation.ts'

/** The tables stand between these two lines. */
export const marks: readonly [string, string] = ['<!-- tools/gossip: begin -->', '<!-- tools/gossip: end -->']

export interface Outcome {
  /** Markdown. */
  readonly tables: string
  /** By file name in `docs/`. */
  readonly plots: ReadonlyMap<string, string>
}

export function runAll(): Outcome {
  const byOrder = orderRuns()
  const byRate = flowRuns()
  return {
    tables: `${orderTable(byOrder)}\n\n${rateTable(byRate)}`,
    plots: new Map([
      [
        'gossip-staleness.svg',
        timePlot('Maximum staleness', 'seconds', byOrder, (moment) => moment.maxStaleness),
      ],
      ['gossip-stale.svg', timePlot('Stale mappings', 'mappings, all participants', byOrder, staleMappings)],
      ['gossip-rate.svg', ratePlot(byRate)],
    ]),
  }
}

/** The document with the tables put in place. Throws when the marks are not there. */
export function withTables(document: string, tables: string): string {
  const [begin, end] = marks
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  if (from < 0 || to < from) throw new Error('the document has no marks')
  return `${document.slice(0, from + begin.length)}\n\n${tables}\n\n${document.slice(to)}`
}

const staleMappings = (moment: Moment): number => moment.staleMappings

function orderTable(runs: readonly Run[]): string {
  const rows = runs.map(({ name, moments }) => {
    const peak = highest(moments, (moment) => moment.maxStaleness)
    const stale = highest(moments, staleMappings)
    const last = moments.findLast((moment) => moment.staleMappings > 0)?.second ?? 0
    return [
      name,
      peak.maxStaleness.toFixed(1),
      String(peak.second),
      mean(moments, (moment) => moment.maxStaleness).toFixed(1),
      grouped(stale.staleMappings),
      String(stale.second),
      grouped(Math.round(mean(moments, staleMappings))),
      String(last + 1),
    ]
  })
  return table(
    [
      'order',
      'max staleness, s',
      'at',
      'its mean',
      'stale mappings, most',
      'at',
      'their mean',
      'all equal from',
    ],
    rows,
  )
}

function rateTable(runs: readonly Run[]): string {
  const rows = runs.flatMap(({ name, moments }) =>
    [
      { span: `45-${halvedAt}`, from: 45, to: halvedAt, limit: limits[0] },
      { span: `105-150`, from: 105, to: 150, limit: limits[1] },
    ].map(({ span, from, to, limit }) => {
      const during = moments.filter(({ second }) => second > from && second <= to)
      const rate = mean(during, allowed)
      const spread = Math.sqrt(mean(during, (moment) => (allowed(moment) - rate) ** 2))
      const stale = highest(during, (moment) => moment.maxStaleness)
      return [
        name,
        span,
        String(limit),
        rate.toFixed(2),
        spread.toFixed(2),
        mean(during, (moment) => moment.updateRate).toFixed(2),
        mostUpdates(limit).toFixed(2),
        stale.maxStaleness.toFixed(1),
      ]
    }),
  )
  return table(
    [
      'adaptation',
      'seconds',
      'deltas a message',
      'allowed rate',
      '±',
      'updates a second',
      'most possible',
      'max staleness, s',
    ],
    rows,
  )
}

function timePlot(title: string, y: string, runs: readonly Run[], value: (moment: Moment) => number): string {
  const lines = runs.map(({ name, moments }) => ({
    name,
    points: moments.map((moment) => [moment.second, value(moment)] as const),
  }))
  return plotSvg({ title, x: 'second', y, lines })
}

function ratePlot(runs: readonly Run[]): string {
  const lines = runs.map(({ name, moments }) => ({
    name,
    points: moments
      .filter(({ second }) => second >= 20)
      .map((moment) => [moment.second, allowed(moment)] as const),
  }))
  return plotSvg({
    title: `Allowed updates, the limit of a message halves at ${halvedAt}`,
    x: 'second',
    y: 'updates a second',
    lines,
    marks: limits.map((limit) => ({ y: mostUpdates(limit), name: `bound at ${limit}` })),
  })
}

const allowed = (moment: Moment): number => moment.allowedRate ?? 0

function highest(moments: readonly Moment[], value: (moment: Moment) => number): Moment {
  return moments.reduce((most, moment) => (value(moment) > value(most) ? moment : most))
}

function mean(moments: readonly Moment[], value: (moment: Moment) => number): number {
  return moments.reduce((sum, moment) => sum + value(moment), 0) / moments.length
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}
