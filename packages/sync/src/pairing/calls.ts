/**
 * The calls of the service `pairing` (spec L10), which the joining device makes of the linked one, once each:
 *
 *     start {commitment}        ─▶ {nonce}
 *     open {nonce, box, label}  ─▶ {root, serial}                     when the linked person said yes
 *     join {signature}          ─▶ {stage}… ─▶ {entry} ‖ entry ‖ head   when the account said yes
 *     done {}                   ─▶ {}
 *
 * Every reader refuses a field more, less or of another kind.
 *
 * @module
 */
import {
  concatBytes,
  decodeHeadRecord,
  encodeBase64url,
  encodeHeadRecord,
  type JsonObject,
  maxEntryBytes,
  maxLabelBytes,
  parseBase64url,
  parseRoot,
  type Root,
  utf8,
} from '@effigy/core'
import * as z from 'zod/mini'
import type { ReceivedAnswer, ServiceAnswer } from '../services/index.ts'
import { pairingNonceBytes } from './emoji.ts'
import type { Admitted } from './pairing-state.ts'

export const pairingService = 'pairing'

export type PairingMethod = 'start' | 'open' | 'join' | 'done'

export interface PairingCall {
  readonly method: PairingMethod
  readonly value: JsonObject
}

/** `[root of the account, serial of the new member]`: what the joining device puts its name to. */
export interface Terms {
  readonly root: Root
  readonly serial: number
}

const bytesOf = (length: number) =>
  z.pipe(
    z.string().check(
      z.maxLength(128),
      z.refine((text) => parseBase64url(text)?.length === length),
    ),
    z.transform((text) => parseBase64url(text) as Uint8Array),
  )

const labelField = z.string().check(z.refine(isLabel))
const stageField = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/))

const startSchema = z.strictObject({ commitment: bytesOf(32) })
const startedSchema = z.strictObject({ nonce: bytesOf(pairingNonceBytes) })
const openSchema = z.strictObject({ nonce: bytesOf(pairingNonceBytes), box: bytesOf(32), label: labelField })
const termsSchema = z.strictObject({
  root: z.pipe(
    z.string().check(z.refine((text) => parseRoot(text) !== null)),
    z.transform((text) => text as Root),
  ),
  serial: z.int().check(z.positive()),
})
const joinSchema = z.strictObject({ signature: bytesOf(64) })
const stageSchema = z.strictObject({ stage: stageField })
const admittedSchema = z.strictObject({ entry: z.int().check(z.positive(), z.maximum(maxEntryBytes)) })
const emptySchema = z.strictObject({})

/** One line of at most `maxLabelBytes`, not empty: a person has to know it again. */
export function isLabel(label: string): boolean {
  return (
    label.length <= maxLabelBytes &&
    label.isWellFormed() &&
    label.trim() !== '' &&
    utf8(label).length <= maxLabelBytes &&
    // One line, and nothing that turns the text around it about.
    !/[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(label)
  )
}

export const readStart = reader(startSchema)
export const readStarted = reader(startedSchema)
export const readOpen = reader(openSchema)
export const readTerms = reader(termsSchema)
export const readJoin = reader(joinSchema)
export const readStage = reader(stageSchema)
export const readEmpty = reader(emptySchema)

export function startCall(commitment: Uint8Array): PairingCall {
  return { method: 'start', value: { commitment: encodeBase64url(commitment) } }
}

export function startedAnswer(nonce: Uint8Array): ServiceAnswer {
  return { value: { nonce: encodeBase64url(nonce) } }
}

export function openCall(nonce: Uint8Array, box: Uint8Array, label: string): PairingCall {
  const value = { nonce: encodeBase64url(nonce), box: encodeBase64url(box), label }
  return { method: 'open', value }
}

export function joinCall(signature: Uint8Array): PairingCall {
  return { method: 'join', value: { signature: encodeBase64url(signature) } }
}

export const doneCall: PairingCall = { method: 'done', value: {} }

export function admittedAnswer({ entry, head }: Admitted): ServiceAnswer {
  return { value: { entry: entry.length }, bytes: concatBytes(entry, encodeHeadRecord(head)) }
}

/** Null for what is no such answer; what it says is not checked here (`checkAdmitted`). */
export function readAdmitted({ value, bytes }: ReceivedAnswer): Admitted | null {
  const sizes = admittedSchema.safeParse(value)
  if (!sizes.success) return null
  const { entry } = sizes.data
  const head = decodeHeadRecord(bytes.subarray(entry))
  return head.ok ? { entry: bytes.slice(0, entry), head: head.value } : null
}

function reader<Value>(schema: z.ZodMiniType<Value>): (answer: ReceivedAnswer) => Value | null {
  return ({ value, bytes }) => {
    const parsed = schema.safeParse(value)
    return parsed.success && bytes.length === 0 ? parsed.data : null
  }
}
