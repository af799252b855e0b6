/**
 * The log port: events, not prose; never content, keys or whole names (`shortName`).
 *
 * @module
 */

export type LogFields = Readonly<Record<string, string | number | boolean | null>>

export interface Log {
  info(event: string, fields: LogFields): void
  /** Something that its operator should look at. */
  warn(event: string, fields: LogFields): void
}

export const silentLog: Log = { info() {}, warn() {} }
