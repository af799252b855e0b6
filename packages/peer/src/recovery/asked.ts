/**
 * What a new device asked for and got, kept until it is done (spec Z24, Z28).
 *
 *     requests, answers as they came, sealed ─▶ a setting of this device ─forget▶ nothing
 *
 * Answers are opened anew each time: enough shares in the clear are the words, and what a database removes stays in its
 * file for a while.
 *
 * @module
 */
import { type Identity, type JsonObject, parseIdentity, parseStrictJson, type Root } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { AskState } from './recovery.ts'
import { readRequest, type ShareRequest, writeRequest } from './request.ts'
import { type Share, shareOf } from './share.ts'

/** What a custodian gave, and which device of the owner had split it by their word. */
export interface GivenShare {
  readonly share: Share
  readonly by: Identity
}

export interface Asked {
  /** The custodian, as named; `request.to` is their account. */
  readonly identity: Identity
  readonly request: ShareRequest
  readonly words: string
  readonly state: AskState
  /** Null: none came that has a share. */
  readonly answer: KeptAnswer | null
}

/** An answer that had a share in it. */
export interface KeptAnswer {
  /** The device of the custodian that sealed it. */
  readonly from: Identity
  /** An age text to this device's box key: at most `maxAnswerLength`. */
  readonly sealed: string
  /** Whose shares; null: it was kept by a version that did not note it. */
  readonly root: Root | null
  /** The least among its shares. */
  readonly threshold: number
}

export interface AskedList {
  all(): readonly Asked[]
  /** Takes the place of what was asked of that account. */
  save(asked: Asked): void
  /** Of what is asked of that account still. */
  settle(root: Root, nonce: string, state: AskState, answer: KeptAnswer | null): void
  clear(): void
}

/** Splittings that one custodian gives. */
export const maxGiven = 4

/** Characters of an answer: several times what four shares take. */
export const maxAnswerLength: number = 16 * 1024

const key = 'recovery-asked'

export function createAskedList(store: Pick<Store, 'setting' | 'saveSetting'>): AskedList {
  const all = (): readonly Asked[] => read(store.setting(key))
  const write = (list: readonly Asked[]): void =>
    store.saveSetting(key, list.length === 0 ? null : JSON.stringify(list.map(plain)))

  return {
    all,
    save(asked) {
      write([...all().filter(({ request }) => request.to !== asked.request.to), asked])
    },
    settle(root, nonce, state, answer) {
      const list = all().map((each) =>
        each.request.to === root && each.request.nonce === nonce && each.state === 'asking'
          ? { ...each, state, answer }
          : each,
      )
      write(list)
    },
    clear: () => write([]),
  }
}

/** `{by, payload}` of a custodian; null when it is no share. */
export function givenOf(value: unknown): GivenShare | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { by, payload } = value as JsonObject
  const device = typeof by === 'string' ? parseIdentity(by) : null
  const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload)
  const share = isObject ? shareOf(payload as JsonObject) : null
  return device === null || share === null ? null : { share, by: device }
}

function plain({ request, ...rest }: Asked): object {
  return { ...rest, request: writeRequest(request) }
}

/** Nobody but `write` writes it. */
function read(text: string | null): readonly Asked[] {
  const parsed = parseStrictJson(text ?? '[]')
  if (!parsed.ok) return []
  const list = parsed.value as unknown as readonly (Omit<Asked, 'request'> & { readonly request: string })[]
  return list.flatMap(({ request, answer, ...rest }) => {
    const asked = readRequest(request)
    const kept = answer === null ? null : { ...answer, root: answer.root ?? null }
    return asked === null ? [] : [{ ...rest, request: asked, answer: kept }]
  })
}
