/**
 * How commands are handed their context: commander parses, `program.ts` runs.
 *
 *     new Command('id').action((options, command) => run(command, async (context) => …))
 *
 * @module
 */
import { type Command, InvalidArgumentError } from 'commander'
import type { Context } from './context.ts'

export type Run = (command: Command, work: (context: Context) => Promise<void>) => Promise<void>

/** Reads an option's whole number; commander tells the person what is wrong with it. */
export function wholeNumber(least: number, most: number): (typed: string) => number {
  return (typed) => {
    const value = /^\d{1,15}$/.test(typed) ? Number(typed) : Number.NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
}

/** Gathers an option that may be given several times. */
export function gather(typed: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), typed]
}
