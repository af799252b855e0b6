/**
 * `hub turn config` and `hub turn check` on a terminal.
 *
 *     words ─▶ TurnCommand ─▶ lines, exit code: 0 right, 1 something is wrong, 2 settings
 *
 * @module
 */
import { networkInterfaces } from 'node:os'
import { systemClock } from '@effigy/sync'
import { checkRelay } from './check.ts'
import type { TurnCommand } from './command-words.ts'
import { findingLine } from './finding.ts'
import type { TurnSettings } from './options.ts'
import { writeCoturnConfig } from './write-config.ts'

export interface TurnOutput {
  say(text: string): unknown
  /** Notes and faults. */
  warn(message: string): void
}

const codes = { ok: 0, failed: 1, config: 2 } as const

export async function runTurnCommand(
  { type, path }: TurnCommand,
  settings: TurnSettings,
  { say, warn }: TurnOutput,
): Promise<number> {
  const ownAddresses = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
  if (type === 'turn-config') {
    const written = writeCoturnConfig(settings, path, ownAddresses)
    if (!written.ok) {
      warn(written.error.message)
      return codes.config
    }
    for (const text of written.value.notes) warn(text)
    say(written.value.text)
    return codes.ok
  }
  let isRight = true
  const ports = { clock: systemClock, signal: new AbortController().signal }
  for await (const finding of checkRelay(settings, path, ownAddresses, ports)) {
    if (finding.type === 'wrong') isRight = false
    say(findingLine(finding))
  }
  return isRight ? codes.ok : codes.failed
}
