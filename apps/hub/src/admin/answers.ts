/**
 * Answers of administration: JSON for the one who asked alone.
 *
 * @module
 */
import type { Answer } from '../http/answer.ts'

/** Unlike what the hub tells everybody, no page of another origin may read it. */
export function adminJson(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    type: 'application/json; charset=utf-8',
    body: `${JSON.stringify(value)}\n`,
    headers: { ...headers, Vary: 'Authorization, Cookie, Origin' },
  }
}
