/** A search that has nothing to show yet goes on to what is older, asks after a while, and says "nothing" at the end alone. */
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { startWords } from '../../words/language.ts'
import { Found } from './found.tsx'
import { mostPages } from './verdict.ts'

await startWords()

/** Somebody's name, which has a place of its own. */
const name = (at: number) => ({
  cid: `name ${at}`,
  state: { type: 'shown', payload: { type: 'identification', name: 'Bea' } },
})

test('goes on where a page has nothing to show, asks after many, and says that there is nothing at the end', async () => {
  const last = mostPages + 3
  const asked: number[] = []
  const gate = createFeedOf(0)
  async function* search(args: readonly unknown[], signal: AbortSignal) {
    const { after, among } = args.at(-1) as { readonly after: string | null; readonly among: string }
    if (among === 'messages') {
      for await (const _open of gate.follow(signal)) yield { items: [], next: null }
      return
    }
    const at = after === null ? 0 : Number(after)
    asked.push(at)
    for await (const open of gate.follow(signal))
      if (at <= open) yield { items: [name(at)], next: at < last ? String(at + 1) : null }
  }
  const status = createFeedOf({ unsearchable: 0 })
  const peer = {
    identity: 'did:key:z6MkAda',
    statuses: status.follow,
    live: (_name: string, args: readonly unknown[], signal: AbortSignal) => search(args, signal),
  }
  await using page = await render(
    <PeerProvider peer={peer as never} graceMs={0}>
      <MantineProvider env="test">
        <Found query="bea" since={0} name="search bea" anyTime={() => {}} />
      </MantineProvider>
    </PeerProvider>,
  )
  await page.until(() => expect(page.text).toContain('Looking further back'))
  expect(asked).toEqual([0, 1])
  await page.do(() => gate.set(last))
  await page.until(() => expect(page.text).toContain('Nothing found so far'))
  // The first came by itself.
  expect(asked).toHaveLength(mostPages + 1)
  await page.do(() => page.element.querySelector<HTMLButtonElement>('button')?.click())
  await page.until(() => expect(page.text).toContain('Nothing found'))
  await page.until(() => expect(page.text).not.toContain('so far'))
  expect(asked.at(-1)).toBe(last)
  expect(page.text).not.toContain('Look further back')
})

test('a message that was found has room while its conversation is looked up; where none is left, nothing is headed', async () => {
  const message = {
    cid: 'message',
    identity: 'did:key:z6MkBen',
    content: 'content',
    sort: 0,
    state: { type: 'shown', payload: { type: 'private_note', at: 0, text: 'Soup' } },
  }
  const gate = createFeedOf(false)
  const asked: string[] = []
  async function* live(name: string, args: readonly unknown[], signal: AbortSignal) {
    asked.push(name)
    for await (const isOpen of gate.follow(signal)) {
      if (name === 'conversations.of') {
        if (isOpen) yield null
      } else {
        const isMessages = (args.at(-1) as { readonly among?: string }).among === 'messages'
        yield { items: isMessages ? [message] : [], next: null }
      }
    }
  }
  const status = createFeedOf({ unsearchable: 0 })
  await using page = await render(
    <PeerProvider peer={{ identity: 'did:key:z6MkAda', statuses: status.follow, live } as never} graceMs={0}>
      <MantineProvider env="test">
        <Found query="soup" since={null} name="search soup" anyTime={() => {}} />
      </MantineProvider>
    </PeerProvider>,
  )
  await page.until(() => expect(page.element.querySelectorAll('li')).toHaveLength(1))
  expect(page.text).toContain('Messages')
  await page.do(() => gate.set(true))
  await page.until(() => expect(page.element.querySelectorAll('li')).toHaveLength(0))
  expect(page.element.querySelector('section')?.checkVisibility()).toBe(false)
  // By what says which one it is, and by no other question.
  expect(new Set(asked)).toEqual(new Set(['search', 'conversations.of']))
})
