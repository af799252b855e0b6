/**
 * One sealed text, opened or refused (spec X1, X3, X6, X7; T28).
 *
 *     age:, box: ─key▶ plaintext ─from = author, context fits▶ Payload
 *                        └ not for us: waits for another key      └ lifted, replayed elsewhere, no payload: refused
 *
 * @module
 */
import { err, type Identity, ok, type Payload, type Result, readPayload, writeStrictJson } from '@effigy/core'
import { type AgreementKey, type Crypto, openAge, openBox } from '@effigy/crypto'
import type { ContentKey } from '@effigy/store'
import { fitsContext, isMessage } from './contexts.ts'

/** How a text was opened. `told`: by an own device, which had opened it. */
export type OpenedBy =
  | { readonly type: 'age'; readonly context: string }
  | { readonly type: 'box'; readonly key: ContentKey }
  | { readonly type: 'told' }

export interface OpenedText {
  readonly payload: Payload
  /** Its strict JSON text. */
  readonly text: string
  readonly by: OpenedBy
}

/** `shut`: none of the keys opens it, another one may. `own-key`: one of them cannot be used now. `refused`: no key ever makes it count. */
export type NotOpened =
  | { readonly type: 'shut'; readonly kind: 'age' | 'box' }
  | { readonly type: 'own-key' }
  | {
      readonly type: 'refused'
      /** 'lifted': written by another author; 'context': sealed for another use; 'payload': no payload; else the fault of the text. */
      readonly code: string
    }

export interface OpenTextPorts {
  readonly crypto: Crypto
  readonly author: Identity
  readonly isOwn: boolean
  readonly keys: readonly AgreementKey[]
  readonly candidates: Iterable<ContentKey>
}

export async function openText(text: string, ports: OpenTextPorts): Promise<Result<OpenedText, NotOpened>> {
  return text.startsWith('age:') ? openNote(text, ports) : openBoxed(text, ports)
}

async function openNote(
  text: string,
  { crypto, author, isOwn, keys }: OpenTextPorts,
): Promise<Result<OpenedText, NotOpened>> {
  if (keys.length === 0) return err({ type: 'shut', kind: 'age' })
  const note = await openAge(text, keys, crypto)
  if (!note.ok) {
    const { code } = note.error
    if (code === 'own-key') return err({ type: code })
    return code === 'not-for-us' ? err({ type: 'shut', kind: 'age' }) : refused(code)
  }
  const { from, context, body } = note.value
  if (from !== author) return refused('lifted')
  const plain = writeStrictJson(body)
  const payload = readPayload(plain, { encrypted: true })
  if (!payload.ok) return refused('payload')
  if (!fitsContext(context, payload.value, isOwn)) return refused('context')
  return ok({ payload: payload.value, text: plain, by: { type: 'age', context } })
}

function openBoxed(
  text: string,
  { crypto, author, candidates }: OpenTextPorts,
): Result<OpenedText, NotOpened> {
  const opened = openBox(text, author, candidates, crypto)
  if (!opened.ok) {
    const { code } = opened.error
    // A key may have been handed out for two conversations, and only the other one be known (X3).
    return code === 'no-key' || code === 'altered' ? err({ type: 'shut', kind: 'box' }) : refused(code)
  }
  const { payload: plain, key } = opened.value
  const payload = readPayload(plain, { encrypted: true })
  if (!payload.ok) return refused('payload')
  if (!isMessage(payload.value)) return refused('context')
  return ok({ payload: payload.value, text: plain, by: { type: 'box', key } })
}

const refused = (code: string): Result<never, NotOpened> => err({ type: 'refused', code })
