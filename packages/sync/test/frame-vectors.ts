/**
 * The cases of `spec/vectors/frame.json` (M1, M3-M6), made here, read by tests and by other implementations.
 */
import { type HeadRecord, rawCidOfDigest } from '@effigy/core'
import { encodeFrame } from '../src/frame.ts'
import { maxFrameBytes, maxHeaderBytes, maxListedIds } from '../src/limits.ts'
import type { Message } from '../src/messages.ts'
import { writeCids, writeHeads, writeIdentities } from '../src/messages-bytes.ts'
import { writeProvided } from '../src/provided.ts'
import { aliceIdentity, bobIdentity, fill, testHead } from './handshake-kit.ts'

export type Verdict = 'ok' | 'too-large' | 'bad-frame' | 'bad-message' | 'unknown-type'

export interface FrameCase {
  readonly name: string
  readonly rule: string
  /** The whole frame in hexadecimal … */
  readonly frame: string
  /** … followed by so many spaces. */
  readonly spaces?: number
  readonly verdict: Verdict
}

/** One of each type, with a byte part that fits. */
export async function sampleMessages(): Promise<readonly (readonly [Message, Uint8Array])[]> {
  const heads: HeadRecord[] = [await testHead(1), await testHead(2)]
  const cids = [rawCidOfDigest(fill(1)), rawCidOfDigest(fill(2))]
  const none = new Uint8Array(0)
  /** Of a log: 8 bytes and the count 300. */
  const position = [...fill(9, 8), 0xac, 0x02]
  const joined = (...parts: readonly Iterable<number>[]) => new Uint8Array(parts.flatMap((part) => [...part]))
  const token = 'AAAAAAAAAAAAAAAAAAAAAA'
  return [
    [{ type: 'bye', code: 'done' }, none],
    [{ type: 'moved' }, none],
    [{ type: 'ping', id: 1 }, none],
    [{ type: 'pong', re: 1, end: true }, none],
    [
      { type: 'provides' },
      writeProvided({ services: ['blobs', 'headtracking'], kind: 'hub', metered: false }),
    ],
    [{ type: 'getheads', id: 2, count: 2 }, writeIdentities([aliceIdentity, bobIdentity])],
    [{ type: 'lastknownheads', re: 2, end: true, count: 2 }, writeHeads(heads)],
    [{ type: 'watch', id: 3, count: 1, replace: false }, writeIdentities([aliceIdentity])],
    [{ type: 'watching', re: 3, end: true }, none],
    [{ type: 'heads', count: 2, online: 1 }, writeHeads(heads)],
    [
      { type: 'resume', id: 11, removed: 2, added: 1 },
      joined(fill(1, 16), position, position, [3, 4], fill(2)),
    ],
    [{ type: 'resumed', re: 11, end: true, count: 0 }, joined(position)],
    [
      { type: 'resumed', re: 11, end: false, count: 1 },
      joined(position, [7], writeHeads(heads.slice(0, 1)).subarray(32)),
    ],
    [{ type: 'unlike', re: 11, end: true, reason: 'unknown-log' }, none],
    [{ type: 'compare', id: 12, size: 100_000 }, none],
    [{ type: 'compare', id: 12, size: 100_000 }, fill(1, 16)],
    [{ type: 'cells', re: 12, end: false, count: 2, size: 100_000 }, fill(1, 16 + 26)],
    [{ type: 'prints', id: 13, count: 2 }, fill(1, 16)],
    [{ type: 'unmatched', re: 13, end: true, count: 2 }, joined([0, 1])],
    [{ type: 'getprints', id: 14, count: 2 }, fill(1, 16)],
    [{ type: 'list', id: 15, count: 1, first: true }, fill(1, 40)],
    [{ type: 'agree', id: 16, removed: 1 }, joined(fill(1, 16), position, fill(1))],
    [{ type: 'agreed', re: 16, end: true }, joined(position)],
    [{ type: 'position' }, joined(position)],
    [
      {
        type: 'getfeed',
        id: 4,
        length: 5,
        limit: null,
        since: null,
        window: 917_504,
        bodies: true,
        verbatim: false,
      },
      new Uint8Array([
        ...writeIdentities([aliceIdentity]),
        ...writeCids(cids.slice(0, 1)),
        ...fill(3, 4 * 8),
      ]),
    ],
    [{ type: 'feed', re: 4, base: 3, total: 12 }, none],
    [{ type: 'batch', re: 4, end: true, first: 4, count: 2 }, fill(5, 200)],
    [{ type: 'brokenat', re: 4, end: true, length: 9, code: 'comparable' }, writeCids(cids.slice(0, 1))],
    [{ type: 'getentry', id: 5, count: 2 }, writeCids(cids)],
    [{ type: 'entries', re: 5, end: true, sizes: [3, 0, 4] }, fill(6, 7)],
    [{ type: 'iwant', id: 6, count: 2, keyed: false }, writeCids(cids)],
    [{ type: 'iwant', id: 7, count: 2, keyed: true }, fill(7, 64)],
    [{ type: 'ihave', re: 6, sizes: [262_144, 12] }, writeCids(cids)],
    [{ type: 'getblob', id: 8, maxsize: 262_144, offset: 0, length: null }, writeCids(cids.slice(0, 1))],
    [{ type: 'blob', re: 8, end: false, size: 262_144, offset: 0 }, fill(8, 100)],
    [{ type: 'wantservice', id: 9, service: 'signalling' }, none],
    [{ type: 'providesservice', re: 9, end: true, service: 'signalling', token }, none],
    [
      {
        type: 'call',
        id: 10,
        service: 'signalling',
        token,
        method: 'presence',
        value: { circle: ['friends'] },
      },
      none,
    ],
    [{ type: 'answer', re: 10, end: false, value: {} }, fill(9, 3)],
    [{ type: 'cancel', id: 10 }, none],
    [{ type: 'credit', id: 4, bytes: 917_504 }, none],
    [{ type: 'error', re: null, code: 'busy', retry: 1000 }, none],
    [{ type: 'error', re: 4, code: 'not-found', retry: null }, none],
  ]
}

export async function frameCases(): Promise<FrameCase[]> {
  const cases: FrameCase[] = []
  for (const [message, bytes] of await sampleMessages()) {
    cases.push({ name: message.type, rule: 'M6', frame: hex(encodeFrame(message, bytes)), verdict: 'ok' })
  }
  const text = (rule: string, verdict: Verdict, name: string, frame: string, spaces?: number): void => {
    cases.push({
      name,
      rule,
      frame: hex(new TextEncoder().encode(frame)),
      ...(spaces === undefined ? {} : { spaces }),
      verdict,
    })
  }
  text('M1', 'bad-frame', 'nothing', '')
  text('M1', 'bad-frame', 'no newline', '{"type":"ping","id":1}')
  text('M1', 'bad-frame', 'no header', '\n')
  text('M1', 'bad-frame', 'a list', '["ping"]\n')
  text('M1', 'bad-frame', 'type not first', '{"id":1,"type":"ping"}\n')
  text('M1', 'bad-frame', 'type not a text', '{"type":1,"id":1}\n')
  text('M1', 'bad-frame', 'white space in the header', '{"type":"ping", "id":1}\n')
  text('M1', 'bad-frame', 'carriage return before the newline', '{"type":"ping","id":1}\r\n')
  text('M1', 'bad-frame', 'byte order mark', '\ufeff{"type":"ping","id":1}\n')
  text('M1', 'bad-frame', 'a field twice', '{"type":"ping","id":1,"id":1}\n')
  text('M1', 'bad-frame', 'a number with a point', '{"type":"ping","id":1.5}\n')
  text('M1', 'bad-frame', 'an unsafe number', '{"type":"ping","id":9007199254740992}\n')
  text('M1', 'bad-frame', 'depth 17', `{"type":"x","v":${'['.repeat(16)}${']'.repeat(16)}}\n`)
  cases.push({
    name: 'invalid UTF-8',
    rule: 'M1',
    frame: '7b2274797065223a2270ff227d0a',
    verdict: 'bad-frame',
  })
  text('M1', 'too-large', 'header without an end in 64 KiB', '{"type":"ping","id":1', maxHeaderBytes)
  text(
    'M1',
    'ok',
    'a frame of exactly 1 MiB',
    '{"type":"batch","re":1,"end":true,"first":1,"count":1}\n',
    maxFrameBytes - 55,
  )
  text(
    'M1',
    'too-large',
    'one byte above 1 MiB',
    '{"type":"batch","re":1,"end":true,"first":1,"count":1}\n',
    maxFrameBytes - 54,
  )
  text('M3', 'unknown-type', 'unknown type', '{"type":"teleport","id":3}\nx')
  text('M3', 'unknown-type', 'a type that JavaScript objects have', '{"type":"constructor"}\n')
  text('M3', 'unknown-type', 'a handshake message later', '{"type":"sessioncommit","hash":""}\n')
  text('M3', 'bad-message', 'a field missing', '{"type":"ping"}\n')
  text('M3', 'bad-message', 'a field too many', '{"type":"ping","id":1,"re":1}\n')
  text('M3', 'bad-message', 'a field of the wrong kind', '{"type":"ping","id":"1"}\n')
  text('M3', 'bad-message', 'bytes that are not announced', '{"type":"ping","id":1}\nx')
  text('M3', 'bad-message', 'a code in capitals', '{"type":"bye","code":"Done"}\n')
  text('M2', 'bad-message', 'id 0', '{"type":"ping","id":0}\n')
  text('M2', 'bad-message', 'a last answer that is not the last', '{"type":"pong","re":1,"end":false}\n')
  text('M5', 'bad-message', 'fewer bytes than identities', '{"type":"getheads","id":1,"count":1}\n', 31)
  text('M5', 'bad-message', 'more bytes than identities', '{"type":"getheads","id":1,"count":1}\n', 33)
  text('M5', 'ok', '1,000 ids', `{"type":"getheads","id":1,"count":${maxListedIds}}\n`, maxListedIds * 32)
  text(
    'M5',
    'bad-message',
    '1,001 ids',
    `{"type":"getheads","id":1,"count":${maxListedIds + 1}}\n`,
    (maxListedIds + 1) * 32,
  )
  text('V8', 'bad-message', 'nothing provided, and not even that said', '{"type":"provides"}\n')
  text('M6', 'bad-message', 'more online than heads', '{"type":"heads","count":0,"online":1}\n')
  text(
    'M6',
    'bad-message',
    'a blob that goes beyond its size',
    '{"type":"blob","re":1,"end":true,"size":3,"offset":2}\n',
    2,
  )
  text(
    'M6',
    'bad-message',
    'entries that are longer than their sizes',
    '{"type":"entries","re":1,"end":true,"sizes":[1]}\n',
    2,
  )
  text('M6', 'ok', 'a locator that leaves out its last position', getFeed(5), 32 + 36 + 3 * 8)
  text('M6', 'bad-message', 'a locator with one position too many', getFeed(5), 32 + 36 + 5 * 8)
  text('M6', 'bad-message', 'a locator that ends within a prefix', getFeed(5), 32 + 36 + 3 * 8 + 1)
  text('M6', 'ok', 'a locator for nothing', getFeed(0), 32 + 36)
  return cases
}

function getFeed(length: number): string {
  return `{"type":"getfeed","id":1,"length":${length},"limit":null,"since":null,"window":1,"bodies":false,"verbatim":false}\n`
}

export function frameOf({ frame, spaces = 0 }: FrameCase): Uint8Array {
  const bytes = unhex(frame)
  const whole = new Uint8Array(bytes.length + spaces).fill(0x20)
  whole.set(bytes)
  return whole
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function unhex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
