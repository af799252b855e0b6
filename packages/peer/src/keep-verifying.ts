/**
 * Goes on checking signatures after a stop: a full disk or a crashed thread must not leave what comes after it
 * unverified for good (spec F8).
 *
 *     verifyBehind ─stopped▶ 5 s, 10 s, … 10 min ─▶ verifyBehind ─progress▶ 5 s again
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { type Log, type VerifyBehindPorts, verifyBehind } from '@effigy/sync'
import { rest } from './rest.ts'

/** Ms after the first stop; twice as long after each further one without progress in between. */
export const firstPauseMs = 5_000

/** Ms. An operator who made room on a disk does not wait for longer. */
export const longestPauseMs: number = 10 * 60_000

/** Resolves when `signal` is aborted; never rejects. Logs the first stop of a row. */
export async function keepVerifying(
  ports: VerifyBehindPorts & { readonly log: Log },
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = firstPauseMs
  const onProgress: VerifyBehindPorts['onProgress'] = (progress) => {
    pauseMs = firstPauseMs
    ports.onProgress?.(progress)
  }
  while (!signal.aborted) {
    await verifyBehind({ ...ports, onProgress }, signal).catch((reason: unknown) => {
      if (signal.aborted || pauseMs > firstPauseMs) return
      ports.log.warn('verify.stopped', {
        error: reason instanceof EffigyError ? reason.code : String(reason),
      })
    })
    await rest(ports.clock, pauseMs, signal)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}
