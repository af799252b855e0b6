/**
 * One thing that an operator can ask or do. Routes, commands and docs/hub/admin.md are all made of these.
 *
 *     'blocks add' ─┬▶ POST /admin/blocks/add {"who": …}
 *                   ├▶ hub admin blocks add WHO
 *                   └▶ a section of the page
 *
 * @module
 */
import type { Json, Result } from '@effigy/core'
import { adminPath } from '../http/routes.ts'
import { type Fields, type InputFault, type InputOf, readInput } from './fields.ts'

/** Why it was not done; `code` is stable, `message` for people. */
export interface AdminFault {
  readonly code: 'not-found' | 'not-possible' | 'too-many' | 'busy' | 'storage-failed' | 'refused'
  readonly message: string
}

/** Rows of a list; `next` goes into `after` for those that follow, null when there are none. */
export interface Listed<Row> {
  readonly items: readonly Row[]
  readonly next: string | null
}

/** Who asks: the operator's key, or a session that a one-time link has opened. */
export interface Asker {
  readonly type: 'key' | 'session'
}

export interface Operation<Ports> {
  /** Two words: of what, and what. */
  readonly name: string
  /** A sentence without its full stop. */
  readonly summary: string
  readonly fields: Fields
  /** Columns of a table for people, in order; the JSON has them all. */
  readonly columns: readonly string[]
  /** The answer is `Listed`. */
  readonly isList: boolean
  /** Cannot be undone by another operation: on the command line it wants `--yes`. */
  readonly destroys: boolean
  /** What it answers besides `bad-input`. */
  readonly faults: readonly AdminFault['code'][]
  /** Reads the input and does it. */
  readonly run: (input: unknown, ports: Ports, asker: Asker) => Promise<Result<Json, AdminFault | InputFault>>
}

export function operation<Ports, const Of extends Fields>(described: {
  readonly name: string
  readonly summary: string
  readonly fields: Of
  readonly columns: readonly string[]
  readonly isList?: boolean
  readonly destroys?: boolean
  readonly faults?: readonly AdminFault['code'][]
  readonly run: (input: InputOf<Of>, ports: Ports, asker: Asker) => Promise<Result<object, AdminFault>>
}): Operation<Ports> {
  const { isList = false, destroys = false, faults = [] } = described
  const { fields } = described
  return {
    ...described,
    fields,
    isList,
    destroys,
    faults,
    async run(input, ports, asker) {
      const read = readInput(fields, input)
      // Answers are interfaces of plain data.
      return read.ok ? (described.run(read.value, ports, asker) as Promise<Result<Json, AdminFault>>) : read
    },
  }
}

export function pathOf({ name }: Pick<Operation<never>, 'name'>): string {
  return `${adminPath}${name.replace(' ', '/')}`
}

/** Whether anything is another than before it. */
export function changes({ isList, name }: Pick<Operation<never>, 'isList' | 'name'>): boolean {
  return !isList && !name.endsWith(' show')
}
