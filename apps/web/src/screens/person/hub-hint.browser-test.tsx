/** Who is told that somebody is at another hub, and that nothing goes there before they press. */
import type { Hub, Identity } from '@effigy/core'
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { beforeEach, expect, test } from 'vitest'
import { render } from '../../../../../packages/react/test/render.tsx'
import { ProfileContext } from '../../app/own-profile.ts'
import { startWords } from '../../words/language.ts'
import { takeWantedHub } from '../hubs/wanted-hub.ts'
import { HubHint } from './hub-hint.tsx'

await startWords()

const hubOf = (name: string, url = `wss://${name}.example/effigy/1`): Hub => [name as Identity, url]
const mine = hubOf('mine')
const hint = 'Ada is at new.example, and you are not.'

let calls: string[] = []
beforeEach(() => {
  calls = []
})

/** A peer that tells of whatever is asked of it. */
const peer = new Proxy({}, { get: (_peer, name) => void calls.push(String(name)) })

function shown(theirs: readonly Hub[], isFollowed = true) {
  const person = { identity: 'ada', name: 'Ada', petname: null, hubs: theirs, isFollowed, isSelf: false }
  return (
    <PeerProvider peer={peer as never} graceMs={0}>
      <MantineProvider env="test">
        <ProfileContext value={{ type: 'identification', name: 'Bea', hubs: [mine] } as never}>
          <HubHint person={person as never} />
        </ProfileContext>
      </MantineProvider>
    </PeerProvider>
  )
}

test('who follows somebody at other hubs alone is told, and takes the first of them along by pressing', async () => {
  const theirs = [hubOf('odd', 'mailto:ada@odd.example'), hubOf('new'), hubOf('next')]
  await using page = await render(shown(theirs))
  expect(page.text).toContain(hint)
  expect(takeWantedHub()).toBeNull()
  await page.do(() => document.querySelector('button')?.click())
  expect(takeWantedHub()).toEqual(hubOf('new'))
  expect(takeWantedHub()).toBeNull()
  // The screen of hubs alone asks it.
  expect(calls).toEqual([])
})

test.for([
  ['by who does not follow', [hubOf('new')], false],
  ['where one hub is shared', [hubOf('new'), mine], true],
  ['where one is at the same address', [hubOf('renamed', mine[1])], true],
  ['of no hub', [], true],
  ['of no address', [hubOf('new', 'new.example')], true],
  ['of another protocol', [hubOf('new', 'javascript:alert(1)')], true],
  ['of a password', [hubOf('new', 'wss://ada:secret@new.example/effigy/1')], true],
  ['in the clear', [hubOf('new', 'ws://new.example/effigy/1')], true],
] as const)('no hint is seen %s', async ([, theirs, isFollowed]) => {
  await using page = await render(shown(theirs, isFollowed))
  expect(document.querySelector('[role="note"]')).toBeNull()
  expect(page.text).not.toContain('you are not')
})

test('a hub on this machine may be in the clear', async () => {
  await using page = await render(shown([hubOf('here', 'ws://127.0.0.1:7337/effigy/1')]))
  expect(page.text).toContain('Ada is at 127.0.0.1:7337')
})
