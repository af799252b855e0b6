/**
 * What a new device asked for and got, kept until it is done (spec Z24, Z28).
 *
 *     requests, shares ─▶ a setting of this device ─forget▶ nothing
 *
 * @module
 */
import { type Identity, type JsonObject, parseIdentity, parseStrictJson, type Root } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { AskState } from './recovery.ts'
import { readRequest, type ShareRequest, writeRequest } from './request.ts'
import { type Share, shareOf, sharePayload } from './share.ts'

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
  readonly given: readonly GivenShare[]
}

export interface AskedList {
  all(): readonly Asked[]
  /** Takes the place of what was asked of that account. */
  save(asked: Asked): void
  /** Of what is asked of that account still. */
  settle(root: Root, nonce: string, state: AskState, given: readonly GivenShare[]): void
  clear(): void
}

/** Splittings that one custodian gives. */
export const maxGiven = 4

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
    settle(root, nonce, state, given) {
      const list = all().map((each) =>
        each.request.to === root && each.request.nonce === nonce && each.state === 'asking'
          ? { ...each, state, given }
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

function plain({ identity, request, words, state, given }: Asked): object {
  const shares = given.map(({ share, by }) => ({ by, payload: sharePayload(share) }))
  return { identity, request: writeRequest(request), words, state, given: shares }
}

/** Nobody but `write` writes it. */
function read(text: string | null): readonly Asked[] {
  const parsed = parseStrictJson(text ?? '[]')
  if (!parsed.ok) return []
  const list = parsed.value as unknown as readonly (Omit<Asked, 'request' | 'given'> & {
    readonly request: string
    readonly given: readonly unknown[]
  })[]
  return list.flatMap(({ request, given, ...rest }) => {
    const asked = readRequest(request)
    return asked === null
      ? []
      : [{ ...rest, request: asked, given: given.flatMap((each) => givenOf(each) ?? []) }]
  })
}
