/**
 * Labels on something: reactions, tags, pins (`Peer.label`, spec P11).
 *
 *     labels of the account on it ─one more or one less▶ tag, above what any own device said before
 *
 * @module
 */
import { EffigyError, type Identity, type Payload, type RawCid } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Authoring } from './authoring.ts'
import type { Peer, Published } from './peer.ts'

export interface LabelPorts {
  readonly store: Pick<Store, 'resolve' | 'labelsBy' | 'conversations'>
  readonly self: Identity
  readonly publish: Authoring['publish']
  /** Wall clock, ms. */
  readonly now: () => number
}

export function createLabel({ store, self, publish, now }: LabelPorts): Peer['label'] {
  let turn: Promise<unknown> = Promise.resolve()

  async function say(
    identity: Identity,
    content: RawCid,
    label: string,
    value: boolean,
  ): Promise<Published | null> {
    const item = store.resolve(identity, content)
    if (item?.state.type !== 'shown') {
      throw new EffigyError('not-found', 'This is not here, or its author took it back.')
    }
    // Whoever reads the tag would learn that there is something, whose, and what one thinks of it.
    if ((store.conversations?.conversationOf(item.identity, item.content) ?? null) !== null) {
      throw new EffigyError(
        'sealed-target',
        'This was said to some people, and a label on it would be public.',
      )
    }
    const { labels, comparable } = store.labelsBy(self, identity, content)
    if (labels.includes(label) === value) return null
    const target = { identity: item.identity, content: item.content, entry: item.cid, synod: null }
    const next = value ? [...labels, label] : labels.filter((each) => each !== label)
    return publish({ type: 'tag', at: now(), target, labels: next } as Payload, { above: comparable })
  }

  // One after the other: each says all labels, and must know of the one before.
  return (...asked) => {
    const said = turn.then(() => say(...asked))
    turn = said.catch(() => {})
    return said
  }
}
