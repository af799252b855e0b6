/**
 * Names of devices, as people type them.
 *
 *     "phone", "laptop=desk" ─▶ 1 to 24 bytes in a line
 *
 * @module
 */
import { hostname } from 'node:os'
import { InvalidArgumentError } from 'commander'
import { errorWords } from '../../messages/index.ts'
import { calmLine } from '../../terminal-text.ts'

const maxBytes = 24

export function isLabel(label: string): boolean {
  return label.trim() !== '' && Buffer.byteLength(label) <= maxBytes && calmLine(label) === label
}

export function parseLabel(typed: string): string {
  if (isLabel(typed)) return typed
  throw new InvalidArgumentError(errorWords.badLabel)
}

export interface LabelChange {
  /** As typed; null: this device. */
  readonly device: string | null
  readonly label: string
}

/** `[DEVICE=]LABEL`, gathered. */
export function gatherLabel(
  typed: string,
  before: readonly LabelChange[] | undefined,
): readonly LabelChange[] {
  const at = typed.lastIndexOf('=')
  const device = at < 0 ? null : typed.slice(0, at)
  return [...(before ?? []), { device, label: parseLabel(typed.slice(at + 1)) }]
}

/** What this machine is called, where that is a label. */
export function usualLabel(): string {
  const name = hostname().split('.')[0] ?? ''
  return isLabel(name) ? name : 'this device'
}
