/**
 * The stable code of whatever was thrown or returned as a fault.
 *
 * @module
 */

export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code
  // Of a signal whose time was over.
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'timeout'
  return 'unknown'
}
