/**
 * What a benchmark prints.
 *
 * @module
 */

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** `value` divided by the limit, or the other way round where less is better; null where there is no limit. */
  readonly ratio: number | null
  /** What the ratio is to. */
  readonly of: string | null
}

export function figure(
  name: string,
  value: number,
  unit: string,
  limit?: { readonly ratio: number; readonly of: string },
): Figure {
  return { name, value: round(value), unit, ratio: limit ? round(limit.ratio) : null, of: limit?.of ?? null }
}

/** Three significant digits: these machines are too noisy for more. */
function round(value: number): number {
  return Number(value.toPrecision(3))
}

/** CPU seconds that this process has used, all threads. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** The middle of `values`: single figures are off by a third when others use the machine. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
