/**
 * The log port over pino: one JSON object a line, named by its event (T20, T22).
 *
 *     log.info('session.opened', { peer }) ─pino, redact▶ {"level":"info","time":…,"event":"session.opened","peer":…}
 *
 * Libraries are asked not to log whom or where; here it is made sure of.
 *
 * @module
 */
import type { Log, LogFields } from '@effigy/sync'
import { type DestinationStream, pino } from 'pino'

/** Last words of names of fields that are about a place or a secret, whatever they hold: `readKey` as `key`. */
const hiddenNames: ReadonlySet<string> = new Set([
  'address',
  'ip',
  'host',
  'url',
  'key',
  'keys',
  'secret',
  'secrets',
  'seed',
  'phrase',
  'passphrase',
  'words',
  'share',
  'shares',
  'token',
  'body',
  'payload',
  'text',
])

/** Names of people and contents are shortened to what tells two apart; network addresses and what looks like a secret go. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '(secret)'],
  [/AGE-SECRET-KEY-[0-9A-Z-]+/gi, '(secret)'],
  [/\beffigy-(?:link|invite|share)-[\w-]+/g, '(secret)'],
  [/\bage:[\w-]{16,}/g, '(sealed)'],
  // Words of an account: prose has short words and long ones in between.
  [/\b[a-z]{3,8}(?: [a-z]{3,8}){10,}\b/g, '(words)'],
  [/did:key:z[1-9A-HJ-NP-Za-km-z]{20,}([1-9A-HJ-NP-Za-km-z]{8})/g, '…$1'],
  [/\bbaf[ky][a-z2-7]{40,}([a-z2-7]{8})\b/g, '…$1'],
  // 32 bytes in base64url: keys and seeds.
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, '(secret)'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '(address)'],
  [/(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi, '(address)'],
]

/** Longer texts are no events: cut, so that nobody fills the disk with one line. */
const maxValueLength = 512

export function createLog(level: 'info' | 'warn' | 'off', destination: DestinationStream): Log {
  const logger = pino(
    {
      level: level === 'off' ? 'silent' : level,
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      // Whatever reaches pino passes here.
      formatters: { level: (label) => ({ level: label }), log: (fields) => redact(fields as LogFields) },
    },
    destination,
  )
  return {
    info: (event, fields) => logger.info(fields, event),
    warn: (event, fields) => logger.warn(fields, event),
  }
}

/** Exported for its test. */
export function redact(fields: LogFields): LogFields {
  const kept: Record<string, LogFields[string]> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (hiddenNames.has(lastWord(name)) || hiddenNames.has(name.toLowerCase())) continue
    kept[name] = typeof value === 'string' ? redactText(value) : value
  }
  return kept
}

function lastWord(name: string): string {
  return (/[A-Z]?[a-z]+$/.exec(name)?.[0] ?? name).toLowerCase()
}

function redactText(text: string): string {
  let redacted = text.slice(0, maxValueLength)
  for (const [pattern, replacement] of patterns) redacted = redacted.replace(pattern, replacement)
  return redacted
}
