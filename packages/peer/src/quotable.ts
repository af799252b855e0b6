/**
 * What may be shown inside of something that one says (spec P7): nothing that was said to some, and nothing that was taken back.
 *
 *     attachments of type `reference` ─resolve▶ for some: 'sealed-target' │ taken back: 'erased-target' │ goes out
 *
 * @module
 */
import { EffigyError, type Identity, type Payload, type Reference } from '@effigy/core'
import type { Store } from '@effigy/store'

export interface QuotablePorts {
  readonly store: Pick<Store, 'resolve' | 'entry' | 'conversations'>
  readonly self: Identity
}

/** Throws `EffigyError` 'sealed-target', 'erased-target'. What is not here says nothing, and may be quoted. */
export function assertQuotable(payload: Payload, { store, self }: QuotablePorts): void {
  for (const { identity, content } of quotesOf(payload)) {
    const item = store.resolve(identity, content)
    if (item === null) continue
    if (item.state.type === 'erased') {
      throw new EffigyError('erased-target', 'Its author took back what is quoted here. Go on without it.')
    }
    // Whoever reads the quote would learn that there is something, and whose.
    const isToSome = (store.conversations?.conversationOf(item.identity, item.content) ?? null) !== null
    const isOfReaders = item.identity !== self && store.entry(item.cid)?.signed.sealed !== undefined
    if (isToSome || isOfReaders) {
      throw new EffigyError('sealed-target', 'What is quoted here was said to some people only.')
    }
  }
}

function quotesOf(payload: Payload): readonly Reference[] {
  const { attachments = [] } = payload as { readonly attachments?: readonly { readonly type: string }[] }
  return attachments.filter(
    (one): one is Reference & { readonly type: 'reference' } => one.type === 'reference',
  )
}
