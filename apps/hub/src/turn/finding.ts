/**
 * What a check of the relay found, as one line.
 *
 * @module
 */

export interface Finding {
  /** `note`: not wrong, and good to know. */
  readonly type: 'right' | 'wrong' | 'note'
  /** One sentence; never a secret, a name or a password. */
  readonly text: string
}

export const right = (text: string): Finding => ({ type: 'right', text })
export const wrong = (text: string): Finding => ({ type: 'wrong', text })
export const note = (text: string): Finding => ({ type: 'note', text })

const marks = { right: 'ok   ', wrong: 'WRONG', note: 'note ' } as const

export function findingLine({ type, text }: Finding): string {
  return `${marks[type]}  ${text}\n`
}
