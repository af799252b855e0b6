/**
 * What somebody put in front of what they said; null: nothing.
 *
 * @module
 */
export function warningOf(payload: object): string | null {
  return 'cw' in payload && typeof payload.cw === 'string' && payload.cw.trim() !== '' ? payload.cw : null
}
