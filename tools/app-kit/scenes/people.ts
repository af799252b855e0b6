/** People: the list, somebody's page before and after following, making sure of them. */
import { encodeBase64url, type Identity, type ImageFile } from '@effigy/core'
import { people as villagers } from '../../demo/people.ts'
import { makePicture } from '../../demo/pictures/make.ts'
import { type Friend, openFriend } from '../friend.ts'
import { onceFor } from '../once-for.ts'
import type { AppPerson } from '../person.ts'
import type { Scene } from '../scenes.ts'
import { settled } from '../settled.ts'
import type { AppWorld } from '../world.ts'

/** Somebody of the village at this hub, with a face and a few words said. */
function neighbour(world: AppWorld, at: number, name = villagers[at]?.name ?? 'Rosa'): Promise<Friend> {
  return onceFor(world, name, () => moveIn(world, at, name))
}

async function moveIn(world: AppWorld, at: number, name: string): Promise<Friend> {
  const { looks, about = '' } = villagers[at] ?? {}
  const friend = world.use(await openFriend(world, { name, about }))
  if (looks !== undefined) {
    const { bytes, mime, width, height } = makePicture({ type: 'portrait', looks, seed: '4' })
    async function* source() {
      yield bytes
    }
    const { root } = await friend.peer.addFile(source(), { signal: AbortSignal.timeout(20_000) })
    const avatar: ImageFile = { blob: root, mime, width, height, alt: '' }
    const box = encodeBase64url(friend.peer.boxKey)
    const hubs = [[world.hub.identity, world.url] as const]
    await friend.publish({ type: 'identification', at: Date.now(), name, about, avatar, hubs, box })
  }
  await friend.say('The plums are ripe. Come and take some before the wasps do.')
  await friend.say('Does anybody have a *long* ladder? Mine ends where the good ones begin.')
  return friend
}

const accountOf = ({ peer }: Friend): Identity => peer.account.show()?.identity ?? peer.identity

const pageOf = (friend: Friend): string => `/p/${accountOf(friend)}`

/** At the hub, by an invite of somebody whom they follow then. */
async function begin(person: AppPerson, world: AppWorld, friend: Friend): Promise<void> {
  await onceFor(person, 'begin', async () => {
    await person.page.goto(`${world.origin}${await friend.invite()}`)
    await person.start('Ada')
  })
  await person.go('/')
  await person.page.locator('article').first().waitFor({ timeout: 20_000 })
}

async function follow({ page }: AppPerson): Promise<void> {
  await page.locator('button:has(svg.tabler-icon-user-plus)').first().click()
  await page.locator('button:has(svg.tabler-icon-user-check)').waitFor({ timeout: 20_000 })
}

export async function chooseInMenu({ page }: AppPerson, icon: string): Promise<void> {
  await page.locator('header button[aria-haspopup="menu"]').click()
  await page.locator(`[role="menuitem"]:has(svg.tabler-icon-${icon})`).click()
}

export const peopleScenes: Readonly<Record<string, Scene>> = {
  async 'people-empty'(person) {
    await person.start('Ada')
    await person.go('/people')
    await person.page.locator('#screen h2').waitFor()
  },
  async 'own-page'(person) {
    await person.start('Ada')
    await person.go('/people')
    await person.page.locator('#screen a[href^="/p/"]').first().click()
    await person.page.locator('button:has(svg.tabler-icon-pencil)').first().click()
    await person.page.getByRole('dialog').waitFor()
  },
  async 'people-add'(person) {
    await person.start('Ada')
    await person.go('/people')
    await person.page.locator('button:has(svg.tabler-icon-user-plus)').first().click()
    await person.page.getByRole('dialog').waitFor()
  },
  async 'people-code'(person) {
    await person.start('Ada')
    await person.go('/people')
    await person.page.locator('button:has(svg.tabler-icon-qrcode)').first().click()
    await person.page.getByRole('dialog').waitFor()
  },
  async people(person, world) {
    const rosa = await neighbour(world, 0)
    const jonas = await neighbour(world, 1)
    const other = await neighbour(world, 2, 'ليلى حداد')
    await begin(person, world, rosa)
    for (const friend of [jonas, other]) {
      await person.go(pageOf(friend))
      await follow(person)
    }
    await person.go('/people')
    await person.page.locator('#screen li a').nth(2).waitFor()
    await settled(person.page)
  },
  async person(person, world) {
    const rosa = await neighbour(world, 0)
    const jonas = await neighbour(world, 1)
    await begin(person, world, rosa)
    await rosa.peer.relate('follow', accountOf(jonas), true)
    await person.go(pageOf(jonas))
    await person.page.locator('article').first().waitFor({ timeout: 20_000 })
    await settled(person.page)
  },
  async 'person-followed'(person, world) {
    const rosa = await neighbour(world, 0)
    await begin(person, world, rosa)
    await person.go(pageOf(rosa))
    await person.page.locator('article').first().waitFor({ timeout: 20_000 })
    await chooseInMenu(person, 'pencil')
    await person.page.getByRole('dialog').locator('input').fill('Rosa from next door')
    await person.page.keyboard.press('Enter')
    await person.page.getByRole('dialog').waitFor({ state: 'detached' })
    await person.page.locator('summary').click()
  },
  async 'person-menu'(person, world) {
    const rosa = await neighbour(world, 0)
    await begin(person, world, rosa)
    await person.go(pageOf(rosa))
    await person.page.locator('article').first().waitFor({ timeout: 20_000 })
    await person.page.locator('header button[aria-haspopup="menu"]').click()
  },
  async 'person-alike'(person, world) {
    const rosa = await neighbour(world, 0, 'Rosa Almeida')
    const other = await neighbour(world, 3, 'Rоsа Almеida')
    await begin(person, world, rosa)
    await person.go(pageOf(other))
    await person.page.locator('article').first().waitFor({ timeout: 20_000 })
  },
  async 'person-blocked'(person, world) {
    const rosa = await neighbour(world, 0)
    await begin(person, world, rosa)
    await person.go(pageOf(rosa))
    await person.page.locator('article').first().waitFor({ timeout: 20_000 })
    await chooseInMenu(person, 'ban')
    await person.page.getByRole('dialog').locator('button').last().click()
    await person.page.locator('[role="alert"]').first().waitFor()
  },
  async 'person-report'(person, world) {
    const rosa = await neighbour(world, 0)
    await begin(person, world, rosa)
    await person.go(pageOf(rosa))
    await chooseInMenu(person, 'flag')
    await person.page.getByRole('dialog').waitFor()
  },
  async verify(person, world) {
    const rosa = await neighbour(world, 0)
    await begin(person, world, rosa)
    await person.go(`${pageOf(rosa)}/verify`)
    await person.page.locator('svg[role="img"]').waitFor()
  },
  async 'verify-number'(person, world) {
    const rosa = await neighbour(world, 0)
    await begin(person, world, rosa)
    await person.go(`${pageOf(rosa)}/verify`)
    await person.page.locator('svg[role="img"]').waitFor()
    await person.page.getByRole('radiogroup').locator('label').nth(2).click()
    await person.page.locator('ol li').first().waitFor()
  },
  async 'verify-scan'(person, world) {
    const rosa = await neighbour(world, 0)
    await begin(person, world, rosa)
    await person.go(`${pageOf(rosa)}/verify`)
    await person.page.locator('svg[role="img"]').waitFor()
    await person.page.getByRole('radiogroup').locator('label').nth(1).click()
    await person.page.locator('form input').waitFor()
  },
}
