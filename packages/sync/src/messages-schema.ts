/**
 * The one reader of headers (spec M3, M6): beyond it a message is what its type says.
 *
 *     Frame ─type known?─▶ schema ─▶ byte part as long as the header says? ─▶ Message
 *
 * @module
 */
import {
  err,
  type Identity,
  type JsonObject,
  maxInviteBytes,
  ok,
  parseBase64url,
  parseIdentity,
  type Result,
} from '@effigy/core'
import * as z from 'zod/mini'
import type { Frame } from './frame.ts'
import { maxListedIds, maxRelayedFrameBytes, maxSignalBytes, sealBytes } from './limits.ts'
import type { HandshakeMessage, Message } from './messages.ts'
import { hashBytes, listedBytes, locatorPositions } from './messages-bytes.ts'
import { readProvided, serviceNameForm } from './provided.ts'
import { maxCellBytes, maxCells, minCellBytes } from './reconcile/cells.ts'
import { maxSetSize } from './reconcile/peel.ts'
import { maxFewPrints, printBytes } from './reconcile/prints.ts'

// Compiled schemas need eval, which a strict content security policy forbids.
z.config({ jitless: true })

export type MessageFault =
  /** The session lives: answer `error unknown-type` to `re`, the request if it was one. */
  | { readonly code: 'unknown-type'; readonly re: number | null }
  /** The session ends with this code. */
  | { readonly code: 'bad-message' }

/** Reads the header and checks that the byte part has the length it says. Never throws. */
export function decodeMessage(frame: Frame): Result<Message, MessageFault> {
  const { header, bytes } = frame
  if (!isKnownType(header.type)) {
    const id = requestId.safeParse(header.id)
    return err({ code: 'unknown-type', re: id.success ? id.data : null })
  }
  const parsed = (schemas[header.type] as z.ZodMiniType<Message>).safeParse(header)
  if (!parsed.success || !fits(parsed.data, bytes)) return err({ code: 'bad-message' })
  return ok(parsed.data)
}

/** A message of the handshake of that type, or null. None has a byte part. */
export function decodeHandshakeMessage<Type extends HandshakeMessage['type']>(
  type: Type,
  frame: Frame,
): Extract<HandshakeMessage, { type: Type }> | null {
  if (frame.header.type !== type || frame.bytes.length > 0) return null
  const parsed = handshakeSchemas[type].safeParse(frame.header)
  return parsed.success ? (parsed.data as Extract<HandshakeMessage, { type: Type }>) : null
}

const whole = z.int().check(z.nonnegative())
const positive = z.int().check(z.positive())
const requestId = positive
const listed = z.int().check(z.nonnegative(), z.maximum(maxListedIds))
const setSize = z.int().check(z.nonnegative(), z.maximum(maxSetSize))
const few = z.int().check(z.nonnegative(), z.maximum(maxFewPrints))
const sizes = z.array(whole).check(z.maxLength(maxListedIds))
const code = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,63}$/))
const service = z.string().check(z.regex(serviceNameForm))
const end = z.boolean()
const last = z.literal(true)
/** It was read as strict JSON already. */
const value = z.custom<JsonObject>(
  (given) => typeof given === 'object' && given !== null && !Array.isArray(given),
)

function base64url(byteLength: number) {
  const textLength = Math.ceil((byteLength * 4) / 3)
  return z
    .string()
    .check(z.refine((text) => text.length === textLength && parseBase64url(text)?.length === byteLength))
}

const token = base64url(16)

/** One schema a message; a message without one, or with another shape, is a type error. */
const schemas: { readonly [Type in Message['type']]: z.ZodMiniType<Extract<Message, { type: Type }>> } = {
  bye: z.strictObject({ type: z.literal('bye'), code }),
  moved: z.strictObject({ type: z.literal('moved') }),
  ping: z.strictObject({ type: z.literal('ping'), id: requestId }),
  pong: z.strictObject({ type: z.literal('pong'), re: requestId, end: last }),
  provides: z.strictObject({ type: z.literal('provides') }),
  getheads: z.strictObject({ type: z.literal('getheads'), id: requestId, count: listed }),
  lastknownheads: z.strictObject({ type: z.literal('lastknownheads'), re: requestId, end, count: listed }),
  watch: z.strictObject({ type: z.literal('watch'), id: requestId, count: listed, replace: z.boolean() }),
  watching: z.strictObject({ type: z.literal('watching'), re: requestId, end: last }),
  heads: z.strictObject({ type: z.literal('heads'), count: listed, online: listed }),
  news: z.strictObject({
    type: z.literal('news'),
    first: positive,
    count: z.int().check(z.positive(), z.maximum(2048)),
  }),
  carry: z.strictObject({ type: z.literal('carry'), on: z.boolean(), count: listed }),
  resume: z.strictObject({ type: z.literal('resume'), id: requestId, removed: listed, added: listed }),
  resumed: z.strictObject({ type: z.literal('resumed'), re: requestId, end, count: listed }),
  unlike: z.strictObject({ type: z.literal('unlike'), re: requestId, end: last, reason: code }),
  compare: z.strictObject({ type: z.literal('compare'), id: requestId, size: setSize }),
  cells: z.strictObject({
    type: z.literal('cells'),
    re: requestId,
    end,
    count: z.int().check(z.positive(), z.maximum(maxCells)),
    size: setSize,
  }),
  prints: z.strictObject({ type: z.literal('prints'), id: requestId, count: few }),
  unmatched: z.strictObject({ type: z.literal('unmatched'), re: requestId, end: last, count: few }),
  getprints: z.strictObject({ type: z.literal('getprints'), id: requestId, count: listed }),
  list: z.strictObject({ type: z.literal('list'), id: requestId, count: listed, first: z.boolean() }),
  agree: z.strictObject({
    type: z.literal('agree'),
    id: requestId,
    removed: z.int().check(z.nonnegative(), z.maximum(maxCells)),
  }),
  agreed: z.strictObject({ type: z.literal('agreed'), re: requestId, end: last }),
  position: z.strictObject({ type: z.literal('position') }),
  getfeed: z.strictObject({
    type: z.literal('getfeed'),
    id: requestId,
    length: whole,
    limit: z.nullable(positive),
    since: z.nullable(positive),
    window: positive,
    bodies: z.boolean(),
    verbatim: z.boolean(),
  }),
  feed: z.strictObject({ type: z.literal('feed'), re: requestId, base: whole, total: whole }),
  batch: z.strictObject({
    type: z.literal('batch'),
    re: requestId,
    end,
    first: positive,
    count: z.int().check(z.nonnegative(), z.maximum(2048)),
  }),
  brokenat: z.strictObject({ type: z.literal('brokenat'), re: requestId, end: last, length: positive, code }),
  getentry: z.strictObject({ type: z.literal('getentry'), id: requestId, count: listed }),
  entries: z.strictObject({ type: z.literal('entries'), re: requestId, end, sizes }),
  iwant: z.strictObject({ type: z.literal('iwant'), id: requestId, count: listed, keyed: z.boolean() }),
  ihave: z.strictObject({ type: z.literal('ihave'), re: requestId, sizes }),
  getblob: z.strictObject({
    type: z.literal('getblob'),
    id: requestId,
    maxsize: whole,
    offset: whole,
    length: z.nullable(whole),
  }),
  blob: z.strictObject({ type: z.literal('blob'), re: requestId, end, size: whole, offset: whole }),
  wantservice: z.strictObject({ type: z.literal('wantservice'), id: requestId, service }),
  providesservice: z.strictObject({
    type: z.literal('providesservice'),
    re: requestId,
    end: last,
    service,
    token,
  }),
  call: z.strictObject({ type: z.literal('call'), id: requestId, service, token, method: service, value }),
  answer: z.strictObject({ type: z.literal('answer'), re: requestId, end, value }),
  online: z.strictObject({
    type: z.literal('online'),
    id: requestId,
    token,
    replace: z.boolean(),
    open: z.boolean(),
    room: z.boolean(),
    show: listed,
    hear: listed,
  }),
  onlineas: z.strictObject({ type: z.literal('onlineas'), re: requestId, end: last }),
  presence: z.strictObject({
    type: z.literal('presence'),
    on: z.boolean(),
    room: z.boolean(),
    count: listed,
  }),
  attempts: z.strictObject({
    type: z.literal('attempts'),
    messages: whole,
    tunnels: whole,
    count: listed,
  }),
  messageto: z.strictObject({ type: z.literal('messageto'), id: requestId, token }),
  sent: z.strictObject({
    type: z.literal('sent'),
    re: requestId,
    end: last,
    outcome: z.enum(['delivered', 'absent', 'busy', 'accepted']),
  }),
  messagefrom: z.strictObject({ type: z.literal('messagefrom') }),
  openrelay: z.strictObject({ type: z.literal('openrelay'), id: requestId, token }),
  relaying: z.strictObject({ type: z.literal('relaying'), re: requestId, end: last, circuit: positive }),
  relayed: z.strictObject({ type: z.literal('relayed'), circuit: positive }),
  relay: z.strictObject({ type: z.literal('relay'), circuit: positive }),
  relayread: z.strictObject({ type: z.literal('relayread'), circuit: positive, bytes: positive }),
  relayend: z.strictObject({ type: z.literal('relayend'), circuit: positive, code }),
  join: z.strictObject({ type: z.literal('join'), id: requestId }),
  joined: z.strictObject({ type: z.literal('joined'), re: requestId, end: last }),
  cancel: z.strictObject({ type: z.literal('cancel'), id: requestId }),
  credit: z.strictObject({ type: z.literal('credit'), id: requestId, bytes: positive }),
  error: z.strictObject({
    type: z.literal('error'),
    re: z.nullable(requestId),
    code,
    retry: z.nullable(whole),
  }),
}

const handshakeSchemas: {
  readonly [Type in HandshakeMessage['type']]: z.ZodMiniType<Extract<HandshakeMessage, { type: Type }>>
} = {
  sessionrequest: z.strictObject({
    type: z.literal('sessionrequest'),
    v: z.array(positive).check(
      z.minLength(1),
      z.maxLength(16),
      z.refine((list) => list.every(isAscending)),
    ),
    role: z.enum(['dialler', 'acceptor']),
    challenge: base64url(64),
    network: base64url(32),
    to: z.nullable(base64url(16)),
  }),
  sessioncommit: z.strictObject({ type: z.literal('sessioncommit'), hash: base64url(32) }),
  sessionauth: z.strictObject({
    type: z.literal('sessionauth'),
    identity: z.custom<Identity>((text) => typeof text === 'string' && parseIdentity(text) !== null),
    head: z.nullable(z.string().check(z.maxLength(512))),
    signature: base64url(64),
  }),
}

function isKnownType(type: string): type is Message['type'] {
  return Object.hasOwn(schemas, type)
}

function isAscending(version: number, index: number, versions: readonly number[]): boolean {
  return index === 0 || version > (versions[index - 1] ?? 0)
}

/** A compact head has at least 132 bytes (M5): four numbers of one byte. */
const minCompactHeadBytes = 132
const maxCompactHeadBytes = 160

/** The same without the identity, and the index that stands for it. */
const minEssentialBytes: number = minCompactHeadBytes - 32
const maxEssentialBytes: number = maxCompactHeadBytes - 32
const maxIndexBytes = 4

/** C3: 8 bytes and a count. */
const minPositionBytes = 9
const maxPositionBytes = 16

/** Whether the byte part can be what the header says (M3). */
function fits(message: Message, bytes: Uint8Array): boolean {
  const { length } = bytes
  switch (message.type) {
    case 'provides':
      return readProvided(bytes) !== null
    case 'getheads':
    case 'watch':
    case 'carry':
      return length === message.count * 32
    case 'news':
      return length > minCompactHeadBytes
    case 'resume':
      return (
        length >= hashBytes + 2 * minPositionBytes + message.removed + message.added * 32 &&
        length <= hashBytes + 2 * maxPositionBytes + message.removed * maxIndexBytes + message.added * 32
      )
    case 'resumed':
      return (
        length >= minPositionBytes + message.count * (minEssentialBytes + 1) &&
        length <= maxPositionBytes + message.count * (maxEssentialBytes + maxIndexBytes)
      )
    case 'compare':
      return length === 0 || length === hashBytes
    case 'cells':
      return (
        length >= hashBytes + message.count * minCellBytes &&
        length <= hashBytes + message.count * maxCellBytes
      )
    case 'prints':
    case 'getprints':
      return length === message.count * printBytes
    case 'unmatched':
      return length === message.count
    case 'list':
      return length === message.count * listedBytes
    case 'agree':
      return (
        length >= hashBytes + minPositionBytes + message.removed * 32 &&
        length <= hashBytes + maxPositionBytes + message.removed * 32
      )
    case 'agreed':
    case 'position':
      return length >= minPositionBytes && length <= maxPositionBytes
    case 'lastknownheads':
      return fitsHeads(message.count, length)
    case 'heads':
      return message.online <= message.count && fitsHeads(message.count, length)
    case 'getfeed':
      return fitsLocator(message.length, length - 32 - 36)
    case 'brokenat':
    case 'getblob':
      return length === 36
    case 'getentry':
      return length === message.count * 36
    case 'iwant':
      return length === message.count * (message.keyed ? 32 : 36)
    case 'ihave':
      return length === message.sizes.length * 36 || length === message.sizes.length * 32
    case 'entries':
      return length === message.sizes.reduce((sum, size) => sum + size, 0)
    case 'blob':
      return message.offset + length <= message.size
    case 'online':
      return length === (message.show + message.hear) * 32 && message.show + message.hear <= maxListedIds
    case 'presence':
    case 'attempts':
      return length === message.count * 32
    case 'messageto':
    case 'messagefrom':
      return length > 32 && length <= 32 + maxSignalBytes
    case 'openrelay':
    case 'relayed':
      return length === 32
    case 'relay':
      return length > 0 && length <= maxRelayedFrameBytes + sealBytes
    case 'join':
      return length > 0 && length <= maxInviteBytes
    case 'batch':
    case 'call':
    case 'answer':
      return true
    case 'bye':
    case 'moved':
    case 'ping':
    case 'pong':
    case 'watching':
    case 'unlike':
    case 'feed':
    case 'wantservice':
    case 'providesservice':
    case 'onlineas':
    case 'sent':
    case 'relaying':
    case 'relayread':
    case 'relayend':
    case 'joined':
    case 'cancel':
    case 'credit':
    case 'error':
      return length === 0
  }
}

/** R3: prefixes of the first positions; those that are not held at the end are left out. */
function fitsLocator(chainLength: number, length: number): boolean {
  return length >= 0 && length % 8 === 0 && length / 8 <= locatorPositions(chainLength).length
}

function fitsHeads(count: number, length: number): boolean {
  return length >= count * minCompactHeadBytes && length <= count * maxCompactHeadBytes
}
