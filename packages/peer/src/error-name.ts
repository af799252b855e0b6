/**
 * What may be logged of an error: its message may quote what somebody wrote (T22).
 *
 * @module
 */
import { EffigyError } from '@effigy/core'

export function errorName(error: unknown): string {
  if (error instanceof EffigyError) return error.code
  return error instanceof Error ? error.name : typeof error
}
