/** A device that went without an end: its removal says so, and what it wrote is let in or left out by a person. */
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { ConfirmAct } from '../../components/confirm-act.tsx'
import { startWords } from '../../words/language.ts'
import { FormerDevices } from './former-devices.tsx'
import { RemoveDevice } from './remove-device.tsx'

await startWords()

const held = [1, 2, 'held']
const told = [1, 9, 'told']
const tablet = { identity: 'did:key:z6MkTablet', label: 'Tablet' }

function createWorld(role = 'main', disputed = false) {
  const frozen = [
    { ...tablet, held, told },
    { identity: 'did:key:z6MkEmpty', label: 'Watch', held: null, told: null },
  ]
  const account = createFeedOf<unknown>({ role, disputed, frozen })
  const revoked: unknown[] = []
  const known: { own: object | null } = { own: null }
  const peer = {
    live: (_name: string, _args: unknown, signal: AbortSignal) => account.follow(signal),
    account: {
      finalFor: async () => known,
      async revoke(identity: string, how: unknown) {
        revoked.push([identity, how])
        account.set({ role, disputed, frozen: [] })
      },
    },
  }
  const isClosed = { now: false }
  const member = { ...tablet, isMain: false, isSelf: false } as never
  const shown = (what: 'former' | 'remove') => (
    <PeerProvider peer={peer as never} graceMs={0}>
      <MantineProvider env="test">
        <Notifications />
        {what === 'former' ? (
          <FormerDevices />
        ) : (
          <RemoveDevice
            member={member}
            onClose={() => {
              isClosed.now = true
            }}
          />
        )}
        <ConfirmAct />
      </MantineProvider>
    </PeerProvider>
  )
  return { shown, revoked, known, isClosed }
}

const button = (name: string) =>
  [...document.querySelectorAll('button')].filter(({ textContent }) => textContent === name).at(-1)

test.for([
  ['Let it in', told, 'Keep it open until all is here.'],
  ['Leave it out', held, 'It stays out.'],
] as const)('[Y12] what is told of a device beyond what is here: %s', async ([name, final, done]) => {
  const { shown, revoked } = createWorld()
  await using page = await render(shown('former'))
  await page.until(() => expect(page.text).toContain('Tablet wrote more than is here'))
  expect(page.text).toContain('there are 7 more entries of it')
  expect(page.text).not.toContain('Watch')
  await page.do(() => button(name)?.click())
  await page.until(() => expect(document.querySelector('[role=dialog]')).not.toBeNull())
  expect(revoked).toEqual([])
  await page.do(() => button(name)?.click())
  await page.until(() => expect(document.body.textContent).toContain(done))
  expect(revoked).toEqual([[tablet.identity, { final }]])
  expect(page.text).not.toContain('Tablet wrote more')
})

test.for([
  ['linked', false, 'Your main device decides that'],
  ['main', true, 'First take your account back'],
] as const)('[Y12] where it cannot be decided it is said where: %s', async ([role, disputed, where]) => {
  const { shown } = createWorld(role, disputed)
  await using page = await render(shown('former'))
  await page.until(() => expect(page.text).toContain(where))
  expect(button('Let it in')).toBeUndefined()
})

test('[Y12] until now, and nothing of it is here: that is said before it goes', async () => {
  const { shown, revoked, isClosed } = createWorld()
  await using page = await render(shown('remove'))
  await page.do(() => button('Remove it')?.click())
  await page.until(() => expect(page.text).toContain('Nothing that Tablet wrote is here yet'))
  expect([revoked, isClosed.now]).toEqual([[], false])
  await page.do(() => button('Remove it anyway')?.click())
  await page.until(() => expect(isClosed.now).toBe(true))
  expect(revoked).toEqual([[tablet.identity, { lostAt: 'now' }]])
})

test('[Y12] until now: it ends where it is known to', async () => {
  const { shown, revoked, known, isClosed } = createWorld()
  known.own = { epoch: 1, length: 2, head: 'held' }
  await using page = await render(shown('remove'))
  await page.do(() => button('Remove it')?.click())
  await page.until(() => expect(isClosed.now).toBe(true))
  expect(revoked).toEqual([[tablet.identity, { final: held }]])
})
