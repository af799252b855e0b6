/**
 * One figure: a thing that is tried many times, and must never fail (RELIABILITY, "Figures").
 *
 *     run({ n, seed }) ─▶ Outcome {tried, counts, failures} ─┬─ test: no failures
 *                                                           └─ main.ts ─▶ its line in FIGURES.md
 *
 * The same code runs short in the tests and long through `npm run figures -- NAME --n N`.
 *
 * @module
 */

export interface Figure {
  /** What is typed after `npm run figures --`. */
  readonly name: string
  /** What is done, for the line in FIGURES.md. */
  readonly what: string
  /** What `n` counts: `kills`, `seeds`. */
  readonly unit: string
  /** N of the test, and of the command when none is given. */
  readonly short: number
  /** N of a long run. */
  readonly long: number
  /** What this figure does not show. */
  readonly notCovered: string
  run(options: FigureOptions): Promise<Outcome>
}

export interface FigureOptions {
  readonly n: number
  readonly seed: string
  /** Hears how many of `n` are done, now and then. */
  readonly tell?: (done: number) => void
}

export interface Outcome {
  /** What came of it, in the order in which it is written: `{ lost: 0, forks: 0, entries: 12345 }`. */
  readonly counts: Readonly<Record<string, number>>
  /** One text for each thing that went wrong, with what replays it; empty when all held. At most `maxFailures`. */
  readonly failures: readonly string[]
}

/** Failures that are told in full; whoever has more has seen enough. */
export const maxFailures = 20

/** Collects failures up to the bound, so that a broken build does not fill the memory. */
export interface Failures {
  readonly list: readonly string[]
  add(text: string): void
}

export function createFailures(): Failures {
  const list: string[] = []
  return {
    list,
    add: (text) => {
      if (list.length < maxFailures) list.push(text)
    },
  }
}

/** What a person types to see a failure again. */
export function replay(name: string, n: number, seed: string): string {
  return `npm run figures -- ${name} --n ${n} --seed ${seed}`
}
