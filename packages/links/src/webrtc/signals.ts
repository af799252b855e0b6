/**
 * What two devices say to each other until a data channel stands (spec M14): strict JSON, inside what V67 seals and signs.
 *
 *     rtcoffer ─▶   ◀─ rtcanswer   ◀─ rtccandidates ─▶   rtcrestart ─▶   rtcend
 *
 * @module
 */
import { maxCandidateLength, maxCandidates } from './candidate.ts'
import { isMaxMessageBytes, isPwd, isUfrag } from './description.ts'
import type { RtcDescription } from './rtc-port.ts'

/** As it is sent: an object of strict JSON, at most 8,192 bytes. */
export type SignalObject = Readonly<Record<string, string | number | boolean | readonly string[]>> & {
  readonly type: string
}

/** `connection`: 32 lower case hex digits, made up by who offers; `round`: 0, then one more for each ICE restart that is tried. */
export type RtcSignal =
  | {
      readonly type: 'rtcoffer' | 'rtcanswer'
      readonly connection: string
      readonly round: number
      /** Whether this side can restart ICE. */
      readonly restart: boolean
      readonly description: RtcDescription
    }
  | {
      readonly type: 'rtccandidates'
      readonly connection: string
      readonly ufrag: string
      readonly candidates: readonly string[]
    }
  /** Of the acceptor: please offer again, after this round. */
  | { readonly type: 'rtcrestart'; readonly connection: string; readonly round: number }
  | { readonly type: 'rtcend'; readonly connection: string; readonly code: string }

/** Candidates in one signal: with names and IPv6 addresses some 2 KB. */
export const candidatesInSignal = 16

const maxRound = 1_000_000

export function writeRtcSignal(signal: RtcSignal): SignalObject {
  if (!('description' in signal)) return signal
  const { type, connection, round, restart, description } = signal
  const { ufrag, pwd, fingerprint, maxMessageBytes } = description
  return { type, connection, round, restart, ufrag, pwd, fingerprint: toHex(fingerprint), maxMessageBytes }
}

const fieldsByType: Readonly<Record<RtcSignal['type'], readonly string[]>> = {
  rtcoffer: ['connection', 'round', 'restart', 'ufrag', 'pwd', 'fingerprint', 'maxMessageBytes'],
  rtcanswer: ['connection', 'round', 'restart', 'ufrag', 'pwd', 'fingerprint', 'maxMessageBytes'],
  rtccandidates: ['connection', 'ufrag', 'candidates'],
  rtcrestart: ['connection', 'round'],
  rtcend: ['connection', 'code'],
}

/** Null: another kind of signal, or one that does not have exactly these fields. */
export function readRtcSignal(value: unknown): RtcSignal | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const fields = value as Readonly<Record<string, unknown>>
  const { type, connection, round } = fields
  if (typeof type !== 'string' || !Object.hasOwn(fieldsByType, type)) return null
  const known = fieldsByType[type as RtcSignal['type']]
  if (
    Object.keys(fields).length !== known.length + 1 ||
    !known.every((name) => Object.hasOwn(fields, name))
  ) {
    return null
  }
  if (typeof connection !== 'string' || !/^[0-9a-f]{32}$/.test(connection)) return null
  switch (type as RtcSignal['type']) {
    case 'rtcoffer':
    case 'rtcanswer': {
      const description = readDescription(type === 'rtcoffer' ? 'offer' : 'answer', fields)
      const { restart } = fields
      if (description === null || !isRound(round) || typeof restart !== 'boolean') return null
      return { type: type as 'rtcoffer' | 'rtcanswer', connection, round, restart, description }
    }
    case 'rtccandidates': {
      const { ufrag, candidates } = fields
      if (typeof ufrag !== 'string' || !isUfrag(ufrag) || !isCandidateList(candidates)) return null
      return { type: 'rtccandidates', connection, ufrag, candidates }
    }
    case 'rtcrestart':
      return isRound(round) ? { type: 'rtcrestart', connection, round } : null
    case 'rtcend': {
      const { code } = fields
      const isCode = typeof code === 'string' && /^[a-z][a-z0-9-]{0,63}$/.test(code)
      return isCode ? { type: 'rtcend', connection, code } : null
    }
  }
}

function readDescription(
  type: RtcDescription['type'],
  { ufrag, pwd, fingerprint, maxMessageBytes }: Readonly<Record<string, unknown>>,
): RtcDescription | null {
  if (typeof ufrag !== 'string' || !isUfrag(ufrag) || typeof pwd !== 'string' || !isPwd(pwd)) return null
  if (typeof fingerprint !== 'string' || !/^[0-9a-f]{64}$/.test(fingerprint)) return null
  if (typeof maxMessageBytes !== 'number' || !isMaxMessageBytes(maxMessageBytes)) return null
  return { type, ufrag, pwd, fingerprint: fromHex(fingerprint), maxMessageBytes }
}

const isRound = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= maxRound

const isCandidateList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length <= maxCandidates &&
  value.every((line) => typeof line === 'string' && line.length <= maxCandidateLength)

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
