/**
 * Messages of a port, and their one parser (spec O5-O9).
 *
 *     call ─▶ result │ handle │ error        call of a stream, next × n ─▶ item × n, end │ error
 *     pull ◀─ source of a call ─▶ piece, piece-end
 *
 * What the other side sends is checked for its shape and bounds here; what is asked for is looked up in the table.
 *
 * @module
 */
import { err, ok, type Result } from '@effigy/core'

/** Calls and streams of one client that are under way. */
export const maxCalls = 512

/** Pieces of a stream or source on the way at once. */
export const maxReadAhead = 8

/** Connections and links that one client holds. */
export const maxHandles = 256

/** Bytes of one piece: as much as a worker copies in a millisecond or so. */
export const maxPieceBytes: number = 1024 * 1024

/** Items of an answer that is a generator here, and an array there. */
export const maxListed = 100_000

const maxPathLength = 64
const maxArguments = 8

/** Names of the functions and signals that options may carry. */
const optionNames = ['signal', 'onProgress', 'onAnswer'] as const

export type OptionName = (typeof optionNames)[number]

/** What stood in an argument and cannot be copied: the argument itself (a signal), or one of its options. */
export interface Slot {
  readonly argument: number
  readonly name: OptionName | null
}

export type ToHost =
  /** `target` 0: the peer and what stands beside it; else a handle. */
  | {
      readonly type: 'call'
      readonly id: number
      readonly target: number
      readonly path: string
      readonly args: readonly unknown[]
      readonly slots: readonly Slot[]
    }
  /** So many more items of a stream. */
  | { readonly type: 'next'; readonly id: number; readonly count: number }
  /** The newest word of progress was heard: another one may come. */
  | { readonly type: 'taken'; readonly id: number; readonly slot: number }
  /** Nobody waits for it any more. */
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'release'; readonly id: number; readonly handle: number }
  | { readonly type: 'piece'; readonly source: number; readonly bytes: Uint8Array }
  /** `code` null: it is complete. */
  | { readonly type: 'piece-end'; readonly source: number; readonly code: string | null }
  /** Is anybody there? Answered by `state`. */
  | { readonly type: 'ping' }
  | { readonly type: 'bye' }

export type ToClient =
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | {
      readonly type: 'handle'
      readonly id: number
      readonly handle: number
      readonly constants: Readonly<Record<string, unknown>>
    }
  | { readonly type: 'item'; readonly id: number; readonly value: unknown }
  | { readonly type: 'end'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly code: string; readonly message: string }
  /** `slot`: which of the call's. */
  | { readonly type: 'progress'; readonly id: number; readonly slot: number; readonly value: unknown }
  /** So many more pieces of a source; 0: no more. */
  | { readonly type: 'pull'; readonly source: number; readonly count: number }
  /** How far the peer is; `state` is `PeerState`. */
  | { readonly type: 'state'; readonly state: Readonly<Record<string, unknown>> }
  /** The host is done with this client. */
  | { readonly type: 'over'; readonly code: string }

/** `port-malformed`: no message of ours. `port-unknown`: of a kind that is not known here, of the call `id`. */
export interface MessageFault {
  readonly code: 'port-malformed' | 'port-unknown'
  readonly id: number
}

type Fields = Readonly<Record<string, unknown>>

export function decodeToHost(message: unknown): Result<ToHost, MessageFault> {
  const fields = asFields(message)
  if (fields === null) return malformed
  switch (fields.type) {
    case 'call': {
      const { id, target, path, args, slots } = fields
      if (!isId(id) || !isCount(target) || !isShort(path)) return malformed
      if (!Array.isArray(args) || args.length > maxArguments) return malformed
      const read = readSlots(slots, args.length)
      return read === null ? malformed : ok({ type: 'call', id, target, path, args, slots: read })
    }
    case 'next': {
      const { id, count } = fields
      if (!isId(id) || !isId(count) || count > maxReadAhead) return malformed
      return ok({ type: 'next', id, count })
    }
    case 'taken': {
      const { id, slot } = fields
      return isId(id) && isCount(slot) ? ok({ type: 'taken', id, slot }) : malformed
    }
    case 'cancel':
      return isId(fields.id) ? ok({ type: 'cancel', id: fields.id }) : malformed
    case 'release': {
      const { id, handle } = fields
      return isId(id) && isId(handle) ? ok({ type: 'release', id, handle }) : malformed
    }
    case 'piece': {
      const { source, bytes } = fields
      if (!isId(source) || !(bytes instanceof Uint8Array) || bytes.length > maxPieceBytes) return malformed
      return ok({ type: 'piece', source, bytes })
    }
    case 'piece-end': {
      const { source, code } = fields
      if (!isId(source) || !(code === null || isShort(code))) return malformed
      return ok({ type: 'piece-end', source, code })
    }
    case 'ping':
    case 'bye':
      return ok({ type: fields.type })
    default:
      return unknownKind(fields)
  }
}

export function decodeToClient(message: unknown): Result<ToClient, MessageFault> {
  const fields = asFields(message)
  if (fields === null) return malformed
  const { type, id, value } = fields
  switch (type) {
    case 'result':
    case 'item':
    case 'end':
      return isId(id) ? ok({ type, id, value }) : malformed
    case 'handle': {
      const { handle } = fields
      const constants = asFields(fields.constants)
      return isId(id) && isId(handle) && constants !== null ? ok({ type, id, handle, constants }) : malformed
    }
    case 'error': {
      const { code, message: text } = fields
      if (!isId(id) || !isShort(code) || typeof text !== 'string') return malformed
      return ok({ type, id, code, message: text })
    }
    case 'progress': {
      const { slot } = fields
      return isId(id) && isCount(slot) ? ok({ type, id, slot, value }) : malformed
    }
    case 'pull': {
      const { source, count } = fields
      if (!isId(source) || !isCount(count) || count > maxReadAhead) return malformed
      return ok({ type, source, count })
    }
    case 'state': {
      const state = asFields(fields.state)
      return state !== null && typeof state.type === 'string' ? ok({ type, state }) : malformed
    }
    case 'over':
      return isShort(fields.code) ? ok({ type, code: fields.code }) : malformed
    default:
      return unknownKind(fields)
  }
}

function readSlots(slots: unknown, args: number): readonly Slot[] | null {
  if (!Array.isArray(slots) || slots.length > maxArguments) return null
  const read: Slot[] = []
  for (const slot of slots) {
    const fields = asFields(slot)
    const argument = fields?.argument
    const name = fields?.name
    if (!isCount(argument) || argument >= args) return null
    const known = name === null ? null : optionNames.find((one) => one === name)
    if (known === undefined) return null
    read.push({ argument, name: known })
  }
  return read
}

const malformed: Result<never, MessageFault> = err({ code: 'port-malformed', id: 0 })

/** A newer version may have said it: it is answered, where it can be. */
function unknownKind({ type, id }: Fields): Result<never, MessageFault> {
  if (!isShort(type)) return malformed
  return err({ code: 'port-unknown', id: isId(id) ? id : 0 })
}

const asFields = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isId = (value: unknown): value is number => isCount(value) && value > 0
const isShort = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxPathLength
