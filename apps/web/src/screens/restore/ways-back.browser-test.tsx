/** Right words at the wrong hub, and friends of whom an empty browser knows nothing: what is said, and what can be done. */
import { EffigyError, type Hub, type Identity } from '@effigy/core'
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { PageContext } from '../../app/page-context.ts'
import { startWords } from '../../words/language.ts'
import { goRestoring, restoreStep } from './choice.ts'
import { FromFile } from './from-file.tsx'
import { FromFriends } from './from-friends.tsx'
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
  const world = { isThere: true }
  const connect = async (address: string) => ({
    ready: async (signal: AbortSignal) => {
      if (!world.isThere)
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          addEventListener('online', () => reject(new DOMException('no answer', 'TimeoutError')), {
            once: true,
          })
        })
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
  const { follow: statuses } = createFeedOf<unknown>({ sessions: [] })
  const peer = { identity: 'did:key:z6MkAda', connect, call, statuses, recovery: { find } } as never
  return { peer, met, world }
}

test('[Z30] words that no hub knows are not called misspelt, and another hub is asked by its address', async () => {
  const { peer, met } = createWorld()
  const kept: Hub[] = []
  await using page = await render(
    <PeerProvider peer={peer}>
      <MantineProvider env="test">
        <FromWords
          hubs={[['did:key:z6MkHere' as Identity, 'wss://here.example/effigy/1']]}
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

test('[Z30] a hub that does not answer is said at once and tried again, until it is or one gives up', async () => {
  const { peer, world } = createWorld()
  world.isThere = false
  await using page = await render(
    <PeerProvider peer={peer} graceMs={0}>
      <MantineProvider env="test">
        <FromWords hubs={[['own' as Identity, 'wss://own.example/effigy/1']]} onHubs={() => {}} />
      </MantineProvider>
    </PeerProvider>,
  )
  const form = page.element.querySelector('form')
  const cancel = () =>
    [...page.element.querySelectorAll('button')].find((one) => one.textContent === 'Cancel')
  await page.do(() => type(page.element.querySelector('textarea'), 'abandon ability able'))
  await page.do(() => form?.requestSubmit())
  await page.until(() => expect(page.text).toContain('No hub has answered yet.'))
  await page.do(() => cancel()?.click())
  await page.until(() => expect(cancel()).toBeUndefined())
  expect(page.element.querySelector('[role="alert"]')).toBeNull()
  await page.do(() => form?.requestSubmit())
  await page.until(() => expect(cancel()).toBeDefined())
  world.isThere = true
  // The attempt of then fails, and the next one comes by itself.
  await page.do(() => void dispatchEvent(new Event('online')))
  await page.until(() => expect(page.text).toContain('This is the account of Ada.'))
})

test('[Z26] who keeps a part is found by their code or their link, and nothing else is taken for it', async () => {
  const live = async function* (_name: string, _args: unknown, signal: AbortSignal) {
    yield { asked: [], came: 0, needed: null }
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  }
  await using page = await render(
    <PeerProvider peer={{ identity: 'did:key:z6MkAda', live } as never} graceMs={0}>
      <MantineProvider env="test">
        <FromFriends hubs={[]} onHubs={() => {}} />
      </MantineProvider>
    </PeerProvider>,
  )
  const friend = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
  const typed = () => page.element.querySelector('textarea')?.value
  const scan = async (text: string): Promise<void> => {
    await page.do(() => type(page.element.querySelector('form input'), text))
    await page.do(() => page.element.querySelector('form')?.requestSubmit())
  }
  expect(page.text).toContain('under People, then My code')
  await page.click('button')
  await scan('https://hub.example/about')
  await page.until(() => expect(page.text).toContain('This is no code of a person.'))
  expect(typed()).toBe('')
  await scan(`https://hub.example/p/${friend}`)
  await page.until(() => expect(typed()).toBe(friend))
  // Once for each.
  await page.click('button')
  await scan(`https://hub.example/p/${friend}`)
  await page.click('button')
  await scan('bea@hub.example')
  await page.until(() => expect(typed()).toBe(`${friend}\nbea@hub.example`))
})

test('[Z22] friends whose parts are of something else are named beside the account that was found', async () => {
  const friend = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
  const live = async function* (name: string, _args: unknown, signal: AbortSignal) {
    if (name === 'recovery.show')
      yield { asked: [{ identity: friend, words: '', state: 'given' }], came: 2, needed: 2 }
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  }
  const recovery = {
    combine: async () => ({ phrase: 'abandon', root: 'root', wrong: [friend] }),
    find: async () => ({ name: 'Ada', devices: [] }),
  }
  const peer = {
    identity: 'did:key:z6MkAda',
    live,
    recovery,
    connect: async () => {},
    statuses: async () => [],
  }
  await using page = await render(
    <PeerProvider peer={peer as never} graceMs={0}>
      <MantineProvider env="test">
        <FromFriends hubs={[]} onHubs={() => {}} />
      </MantineProvider>
    </PeerProvider>,
  )
  const join = () =>
    [...page.element.querySelectorAll('button')].find((one) => one.textContent === 'Put the parts together')
  await page.until(() => expect(join()).toBeDefined())
  await page.do(() => join()?.click())
  await page.until(() => expect(page.text).toContain('This is the account of Ada.'))
  const told = page.element.querySelector('[role="alert"]')
  expect(told?.textContent).toContain('What these friends gave does not belong to it:')
})

test('[Z11] of a file that gives not all that is in it that is said, before anybody goes on', async () => {
  const state = { type: 'open' }
  const failed = [{ identity: 'did:key:z6MkAda', code: 'truncated', detail: '' }]
  const peer = { takeBackup: async () => ({ ok: true, value: { isAuthentic: false, feeds: [], failed } }) }
  const shown = {
    state,
    states: createFeedOf<unknown>(state).follow,
    ready: async () => peer,
  }
  goRestoring('file', new File(['age-encryption.org/v1'], 'ada.age'))
  await using page = await render(
    <PageContext value={shown as never}>
      <MantineProvider env="test">
        <FromFile onHubs={() => {}} />
      </MantineProvider>
    </PageContext>,
  )
  await page.do(() => type(page.element.querySelector('input[type="password"]'), 'correct horse battery'))
  await page.do(() => page.element.querySelector('form')?.requestSubmit())
  await page.until(() => expect(page.text).toContain('but for 1 part of it'))
  expect(restoreStep()).toBe('file')
  const on = [...page.element.querySelectorAll('button')].find(
    ({ textContent }) => textContent === 'Go on with the rest',
  )
  await page.do(() => on?.click())
  expect(restoreStep()).toBe('words')
  goRestoring(null)
})
