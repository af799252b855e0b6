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

test('[Z23] what found no room is told of, and a part is let go after a question', async () => {
  const recovery = createFeedOf<unknown>({ held: [], refused: [], requests: [] })
  const names = createFeedOf<unknown>({
    identity: bea?.identity,
    petname: 'Bea',
    name: null,
    avatar: null,
    verified: 'no',
    facts: [],
  })
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
