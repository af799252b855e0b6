/**
 * The relay's commands, as words.
 *
 *     turn check FILE ─▶ { type: 'turn-check', path: 'FILE' }
 *
 * @module
 */

/** `path`: the configuration of coturn to write or to look at; null: standard output, or none. */
export interface TurnCommand {
  readonly type: 'turn-config' | 'turn-check'
  readonly path: string | null
}

export function turnCommandOf(names: readonly string[]): TurnCommand | null {
  const [group, name, path = null] = names
  if (group !== 'turn' || (name !== 'config' && name !== 'check') || names.length > 3) return null
  return { type: `turn-${name}`, path }
}
