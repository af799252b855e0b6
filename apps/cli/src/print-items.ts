/**
 * Lists of entries, page by page, as long as somebody reads them.
 *
 *     ask(page) ─▶ items ─▶ lines or JSON ─▶ next page
 *
 * @module
 */
import type { Peer } from '@effigy/peer'
import type { Cursor, Item, Page, PageRequest } from '@effigy/store'
import type { Context } from './context.ts'
import { createNames, itemJson, itemLines, type Names } from './item-view.ts'
import { say } from './messages/index.ts'

/** Items of one question; the store's own bound is 500. */
const pageLength = 200

/** Prints up to `limit` items (the setting `limit` when omitted) and says whether there are more. */
export async function printItems(
  context: Context,
  peer: Peer,
  limit: number | undefined,
  ask: (page: PageRequest) => Page<Item>,
  empty: string = say.nothing,
): Promise<void> {
  const { output, signal } = context
  const most = limit ?? context.config.settings.limit
  const names = createNames(peer)
  let after: Cursor | null = null
  let left = most
  while (left > 0) {
    signal.throwIfAborted()
    const page: Page<Item> = ask({ limit: Math.min(left, pageLength), after })
    for (const item of page.items) printItem(context, item, names)
    await output.drained()
    left -= page.items.length
    after = page.next
    if (after === null || page.items.length === 0) break
  }
  if (left === most) output.note(empty)
  else if (left === 0 && after !== null) output.note(say.more(most * 2))
}

export function printItem({ output }: Context, item: Item, names: Names): void {
  output.json(itemJson(item, names))
  for (const line of itemLines(item, names, output.paint)) output.line(line)
}
