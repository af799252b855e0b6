/**
 * What can be asked of the simulation on the command line.
 *
 * @module
 */
import {
  allBreaks,
  allFaults,
  type Break,
  breakTexts,
  type Fault,
  faultTexts,
} from '@effigy/testkit/simulator'

export interface Options {
  readonly peers: number
  readonly seed: string
  /** How many seeds: `<seed>.0`, `<seed>.1`, …; null for one, by its own name. */
  readonly seeds: number | null
  /** The number of the first of them: to go on where a long run was ended. */
  readonly from: number
  readonly jobs: number
  readonly faults: readonly Fault[]
  readonly broken: Break | null
  readonly picture: string | null
  readonly trace: boolean
}

export interface RawOptions {
  readonly peers?: string
  readonly seed?: string
  readonly seeds?: string
  readonly from?: string
  readonly jobs?: string
  readonly faults?: string
  readonly without?: string
  readonly break?: string
  readonly picture?: string
  readonly trace?: boolean
}

const list = (texts: Readonly<Record<string, string>>): string =>
  Object.entries(texts)
    .map(([name, text]) => `  ${name.padEnd(16)} ${text}`)
    .join('\n')

export const helpText: string = `usage: npm run simulate -- [--peers N] [--seed TEXT] [--seeds K] [--from I] [--jobs J]
         [--faults a,b,c] [--without x,y] [--break NAME] [--picture FILE.html] [--trace]
       npm run simulate -- --accounts [--seed TEXT] [--seeds K]
         random lives of an account: five devices, two friends, a hub

Faults, all on unless said otherwise:
${list(faultTexts)}

Parts that --break takes away, to see that it is noticed:
${list(breakTexts)}
`

/** The options, or what is wrong with them. */
export function parseOptions(raw: RawOptions): Options | string {
  const peers = count(raw.peers ?? '20', 2, 200)
  const seeds = raw.seeds === undefined ? null : count(raw.seeds, 1, 1_000_000)
  const from = count(raw.from ?? '0', 0, 1_000_000)
  const jobs = count(raw.jobs ?? '2', 1, 64)
  const seed = raw.seed ?? '1'
  if (peers === null) return '--peers is a whole number from 2 to 200'
  if (raw.seeds !== undefined && seeds === null) return '--seeds is a whole number above 0'
  if (from === null) return '--from is a whole number: that of the first seed, 0 unless said otherwise'
  if (jobs === null) return '--jobs is a whole number from 1 to 64'
  if (!/^[\w./-]+$/.test(seed)) return '--seed has letters, digits, and . / - _'
  const named = names(raw.faults) ?? allFaults
  const without = names(raw.without) ?? []
  const unknown = [...named, ...without].find((name) => !allFaults.includes(name as Fault))
  if (unknown !== undefined) return `there is no fault ${unknown}`
  const broken = raw.break ?? null
  if (broken !== null && !allBreaks.includes(broken as Break)) return `--break knows no ${broken}`
  return {
    peers,
    seed,
    seeds,
    from,
    jobs,
    faults: allFaults.filter((fault) => named.includes(fault) && !without.includes(fault)),
    broken: broken as Break | null,
    picture: raw.picture ?? null,
    trace: raw.trace ?? false,
  }
}

function names(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function count(text: string, least: number, most: number): number | null {
  const number = Number(text)
  return Number.isSafeInteger(number) && number >= least && number <= most ? number : null
}

/** What has that run again. */
export function replayCommand(
  { peers, faults, broken }: Pick<Options, 'peers' | 'faults' | 'broken'>,
  seed: string,
): string {
  const without = allFaults.filter((fault) => !faults.includes(fault))
  const left =
    without.length === 0
      ? ''
      : without.length <= faults.length
        ? ` --without ${without.join(',')}`
        : ` --faults ${faults.join(',')}`
  const wrong = broken === null ? '' : ` --break ${broken}`
  return `npm run simulate -- --peers ${peers} --seed ${seed}${left}${wrong}`
}
