/**
 * What a write ends with whose answer nobody knows (spec O12).
 *
 * @module
 */
import { EffigyError } from '@effigy/core'

export const interrupted = (): EffigyError =>
  new EffigyError(
    'interrupted',
    'The tab that had the data was closed in the middle of this: it may have been done or not.',
  )

export const isInterrupted = (reason: unknown): boolean =>
  reason instanceof EffigyError && reason.code === 'interrupted'
