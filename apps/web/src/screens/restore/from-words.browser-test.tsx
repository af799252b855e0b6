/** Right words at the wrong hub: what is said, and the way to another one. */
import { EffigyError, type Hub } from '@effigy/core'
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { expect, test } from 'vitest'
import { render } from '../../../../../packages/react/test/render.tsx'
import { startWords } from '../../words/language.ts'
import { FromWords } from './from-words.tsx'

await startWords()

/** As typed: React hears of what the element's own setter did. */
function type(field: Element | null | undefined, text: string): void {
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement))
    throw new Error('no field')
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')?.set?.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

const own = 'did:key:z6MkOwnHub'

/** Where the account is: at one hub, which is not the one of the page. */
function createWorld() {
  const met = new Set<string>()
  const connect = async (address: string) => ({
    ready: async () => {
      met.add(new URL(address).host)
      return own
    },
    [Symbol.asyncDispose]: async () => {},
  })
  const find = async () => {
    if (met.has('own.example')) return { name: 'Ada', devices: [] }
    throw new EffigyError('account-not-found', 'Nobody who is connected knows it.')
  }
  const call = async () => ({ ok: true, value: { value: { name: 'Own hub' } } })
  return { peer: { identity: 'did:key:z6MkAda', connect, call, recovery: { find } } as never, met }
}

test('[Z30] words that no hub knows are not called misspelt, and another hub is asked by its address', async () => {
  const { peer, met } = createWorld()
  const kept: Hub[] = []
  await using page = await render(
    <PeerProvider peer={peer}>
      <MantineProvider env="test">
        <FromWords
          hubs={[['did:key:z6MkHere', 'wss://here.example/effigy/1'] as unknown as Hub]}
          onHubs={(more) => kept.push(...more)}
        />
      </MantineProvider>
    </PeerProvider>,
  )
  const form = page.element.querySelector('form')
  await page.do(() => type(page.element.querySelector('textarea'), 'abandon ability able'))
  expect(page.element.querySelector('input')).toBeNull()
  await page.do(() => form?.requestSubmit())
  await page.until(() => expect(page.text).toContain('No hub that was asked knows an account'))
  expect(page.text).not.toContain('spelling')
  expect([...met]).toEqual(['here.example'])
  await page.do(() => type(page.element.querySelector('input'), 'own.example'))
  await page.do(() => form?.requestSubmit())
  await page.until(() => expect(page.text).toContain('This is the account of Ada.'))
  expect(kept).toEqual([[own, 'wss://own.example/effigy/1']])
})
