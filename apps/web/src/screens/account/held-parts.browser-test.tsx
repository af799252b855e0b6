/** Parts that one keeps for others, those that found no room, and letting one go. */
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { ConfirmAct } from '../../components/confirm-act.tsx'
import { startWords } from '../../words/language.ts'
import { HeldParts } from './held-parts.tsx'

await startWords()

const [bea, cem] = ['Bea', 'Cem'].map((name) => ({ identity: `did:key:z6Mk${name}`, root: `root-${name}` }))

const named = {
  identity: bea?.identity,
  petname: 'Bea',
  name: null,
  avatar: null,
  verified: 'no',
  facts: [],
}

test('[Z23] what found no room is told of, and a part is let go after a question', async () => {
  const recovery = createFeedOf<unknown>({ held: [], refused: [], requests: [] })
  const names = createFeedOf<unknown>(named)
  const released: string[] = []
  const peer = {
    identity: 'did:key:z6MkAda',
    live: (name: string, _args: unknown, signal: AbortSignal) =>
      (name === 'recovery.show' ? recovery : names).follow(signal),
    recovery: { release: async (root: string) => void released.push(root) },
  }
  await using page = await render(
    <PeerProvider peer={peer as never} graceMs={0}>
      <MantineProvider env="test">
        <HeldParts />
        <ConfirmAct />
      </MantineProvider>
    </PeerProvider>,
  )
  await page.until(() => expect(recovery.following).toBe(1))
  expect(page.text).not.toContain('Parts you keep for others')
  await page.do(() => recovery.set({ held: [{ account: bea }], refused: [], requests: [] }))
  await page.until(() => expect(page.text).toContain('Parts you keep for others'))
  expect(page.text).not.toContain('There is no room')
  await page.do(() => recovery.set({ held: [{ account: bea }], refused: [cem], requests: [] }))
  await page.until(() => expect(page.text).toContain('There is no room for these parts'))
  await page.do(() =>
    page.element.querySelector<HTMLButtonElement>('[aria-label="Let it go: the part of Bea"]')?.click(),
  )
  await page.until(() => expect(document.body.textContent).toContain('You can no longer help them back'))
  expect(released).toEqual([])
  const meant = () =>
    [...document.querySelectorAll('[role="dialog"] button')].filter((one) => one.textContent === 'Let it go')
  await page.do(() => (meant().at(-1) as HTMLButtonElement).click())
  await page.until(() => expect(released).toEqual(['root-Bea']))
})

test('[Z27] words that a friend reads out find their request, though it is not listed', async () => {
  const recovery = createFeedOf<unknown>({ held: [{ account: bea }], refused: [], requests: [] })
  const names = createFeedOf<unknown>(named)
  const asked: string[] = []
  const approved: unknown[] = []
  const request = {
    id: 'r',
    account: bea?.root,
    name: 'Bea',
    identity: 'did:key:z6MkNew',
    words: 'a b c d e f',
  }
  const peer = {
    identity: 'did:key:z6MkAda',
    live: (name: string, _args: unknown, signal: AbortSignal) =>
      (name === 'recovery.show' ? recovery : names).follow(signal),
    recovery: {
      async lookUp(typed: string) {
        asked.push(typed)
        return typed === request.words ? request : null
      },
      approve: async (...given: readonly unknown[]) => void approved.push(given),
    },
  }
  await using page = await render(
    <PeerProvider peer={peer as never} graceMs={0}>
      <MantineProvider env="test">
        <HeldParts />
      </MantineProvider>
    </PeerProvider>,
  )
  const press = (text: string) =>
    page.do(() => {
      const button = [...page.element.querySelectorAll('button')].find((one) => one.textContent === text)
      if (button === undefined) throw new Error(`no button "${text}"`)
      button.click()
    })
  const type = (text: string) =>
    page.do(() => {
      const field = page.element.querySelector('input') as HTMLInputElement
      // As a person types: React hears of it.
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text)
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })
  await page.until(() => expect(page.text).toContain('is not listed?'))
  await press('Somebody reads six words to you, and is not listed?')
  await type('a b c d e x')
  await press('Look')
  await page.until(() => expect(page.text).toContain('Nobody asks with these words'))
  await type('a b c d e f')
  expect(page.text).not.toContain('Nobody asks with these words')
  await press('Look')
  await page.until(() => expect(page.text).toContain('“Bea” asks for a part'))
  await press('I heard the same words: give it')
  await page.until(() => expect(page.text).not.toContain('“Bea” asks for a part'))
  expect(asked).toEqual(['a b c d e x', 'a b c d e f'])
  expect(approved).toEqual([['r', { account: bea?.root }]])
  // Listed by now, and decided upon there: it is not asked about once more.
  await press('Look')
  await page.until(() => expect(page.text).toContain('“Bea” asks for a part'))
  await page.do(() => recovery.set({ held: [{ account: bea }], refused: [], requests: [request] }))
  await page.until(() => expect(page.text.match(/asks for a part/g)).toHaveLength(1))
  await page.do(() => recovery.set({ held: [{ account: bea }], refused: [], requests: [] }))
  await page.until(() => expect(page.text).not.toContain('“Bea” asks for a part'))
})
