/**
 * Everything the program writes: results to stdout, notes and progress to stderr.
 *
 *     line, json ─▶ stdout        note, progress ─▶ stderr (progress only on a terminal)
 *
 * @module
 */
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Progress } from '@effigy/store'
import { createPaint, jsonLine, type Paint } from './terminal-text.ts'

export interface OutputStream extends Writable {
  readonly isTTY?: boolean
  readonly columns?: number
}

export interface OutputOptions {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** One object a line instead of words. */
  readonly json: boolean
  /** No notes and no progress. */
  readonly quiet: boolean
  readonly colours: boolean
  /** Ms; for the pace of progress. */
  readonly now: () => number
  readonly signal: AbortSignal
}

export interface Output {
  readonly isJson: boolean
  readonly paint: Paint
  /** A line for people; left out when `--json` was asked for. */
  line(text: string): void
  /** A line for programs; left out otherwise. */
  json(value: object): void
  /** Bytes as they are. */
  bytes(bytes: Uint8Array): Promise<void>
  /** Waits until stdout has taken what was written; throws the signal's reason when its reader is gone. */
  drained(): Promise<void>
  /** Waits until all that was written is taken, to the last byte; throws the signal's reason when it cannot be. */
  written(): Promise<void>
  /** For people who watch; never in the way of results. */
  note(text: string): void
  /** One line that is written over, on a terminal only, at most ten times a second. */
  progress(label: string, progress: Progress): void
  /** Takes the progress line away. */
  clear(): void
}

const progressPaceMs = 100

export function createOutput(options: OutputOptions): Output {
  const { stdout, stderr, json, quiet, signal } = options
  const showsProgress = !quiet && stderr.isTTY === true
  let shown = false
  let shownAt = Number.NEGATIVE_INFINITY

  function clear(): void {
    if (!shown) return
    shown = false
    stderr.write('\r\u001b[K')
  }

  async function drained(): Promise<void> {
    signal.throwIfAborted()
    if (stdout.writableNeedDrain) await once(stdout, 'drain', { signal })
  }

  async function written(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => resolve(), { once: true })
    // What fails aborts the signal.
    stdout.write('', (error) => {
      if (error == null) resolve()
    })
    if (signal.aborted) resolve()
    await promise
    signal.throwIfAborted()
  }

  return {
    isJson: json,
    paint: createPaint(options.colours),
    line(text) {
      if (json) return
      clear()
      stdout.write(`${text}\n`)
    },
    json(value) {
      if (json) stdout.write(`${jsonLine(value)}\n`)
    },
    async bytes(bytes) {
      stdout.write(bytes)
      await drained()
    },
    drained,
    written,
    note(text) {
      if (quiet) return
      clear()
      stderr.write(`${text}\n`)
    },
    progress(label, { done, total }) {
      if (!showsProgress) return
      const now = options.now()
      if (now - shownAt < progressPaceMs && done < total) return
      shownAt = now
      shown = true
      const share = total > 0 ? ` ${Math.floor((100 * Math.min(done, total)) / total)} %` : ''
      const text = `${label} ${done}/${total}${share}`
      stderr.write(`\r\u001b[K${text.slice(0, Math.max((stderr.columns || 80) - 1, 10))}`)
    },
    clear,
  }
}
