/** Messages: the list, a conversation, a group and who is in it, strangers who ask. */
import { type Friend, openFriend, until } from '../friend.ts'
import { onceFor } from '../once-for.ts'
import type { AppPerson } from '../person.ts'
import type { Scene } from '../scenes.ts'
import type { AppWorld } from '../world.ts'

interface Talks {
  readonly ben: Friend
  readonly group: string
}

/** Ada with a friend, a group of three, and two strangers who write to her. */
async function begin(person: AppPerson, world: AppWorld): Promise<Talks> {
  const open = async (name: string) => world.use(await openFriend(world, { name }))
  const [ben, cleo] = await Promise.all([open('Ben Okafor'), open('Cleo')])
  await person.page.goto(`${world.origin}${await ben.invite()}`)
  await person.start('Ada')
  const ada = await ben.meet('Ada')
  await cleo.meet('Ada')
  for (const friend of [ben, cleo]) await friend.peer.relate('follow', ada, true)
  await ben.meet('Cleo')
  await ben.peer.relate('follow', cleo.identity, true)
  await ben.peer.conversations.write([ada], { text: 'The *lake* was cold, but the soup after it was not.' })
  await ben.peer.conversations.write([ada], {
    text: 'Shall we go again on Sunday? https://lake.example/paths',
  })
  const group = await ben.peer.groups.create({
    name: 'Sunday swimmers',
    members: [{ identity: ada, role: 'admin' }, { identity: cleo.identity }],
  })
  await ben.peer.conversations.answer(`g${group}`, { text: 'Who brings the thermos?' })
  const strangers = [
    ['Dora Lindqvist', 'Hello Ada! We met at the market, I sold you the blue bowl. Is it still whole?'],
    ['Win a phone', 'You have been CHOSEN. Tap here: https://win.example/now'],
  ] as const
  for (const [name, text] of strangers) {
    const stranger = await open(name)
    await stranger.peer.conversations.write([await stranger.meet('Ada')], { text })
  }
  return { ben, group }
}

async function talks(person: AppPerson, world: AppWorld): Promise<Talks> {
  const begun = await onceFor(person, 'talks', () => begin(person, world))
  await person.go('/talks')
  const { page } = person
  await page.getByText('Sunday swimmers').waitFor()
  await page.getByText('2 people ask').or(page.locator('a[href="/talks/requests"]')).first().waitFor()
  return begun
}

/** Opens the conversation with Ben, and answers there. */
async function talk(person: AppPerson, world: AppWorld): Promise<void> {
  const { ben } = await talks(person, world)
  const { page } = person
  await page.locator('a[href^="/talks/in/p"]').first().click()
  await page.getByRole('textbox').fill('Yes! I bring the towels this time.')
  await page.keyboard.press('Enter')
  await until(() => (ben.peer.conversations.list().items.some(({ unread }) => unread > 0) ? true : null))
}

export const talkScenes: Readonly<Record<string, Scene>> = {
  async talks(person, world) {
    await talks(person, world)
  },
  talk,
  async 'talk-about'(person, world) {
    const { group } = await talks(person, world)
    await person.go(`/talks/in/g${group}/about`)
    await person.page.locator('h1').waitFor()
  },
  async 'talk-group'(person, world) {
    const { group } = await talks(person, world)
    await person.go(`/talks/in/g${group}`)
    await person.page.getByText('thermos').waitFor()
  },
  async 'talk-requests'(person, world) {
    await talks(person, world)
    await person.go('/talks/requests')
    await person.page.getByText('blue bowl').waitFor()
  },
  async 'talk-new'(person, world) {
    await talks(person, world)
    await person.go('/talks/new')
    await person.page.getByRole('checkbox').first().click()
    await person.page.getByRole('switch').press('Space')
  },
}
