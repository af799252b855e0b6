/** Home, a conversation, search, what happened: with two friends who have something to say. */
import { type Comment, type Identity, type Payload, parseIdentity, type RawCid } from '@effigy/core'
import { makePicture, type SceneName } from '../../demo/pictures/make.ts'
import { type Friend, openFriend, until } from '../friend.ts'
import { onceFor } from '../once-for.ts'
import type { AppPerson } from '../person.ts'
import type { Scene } from '../scenes.ts'
import type { AppWorld } from '../world.ts'

interface Named {
  readonly identity: Identity
  readonly content: RawCid
  readonly cid: RawCid
}

/** What somebody said, by its name. */
async function tell(friend: Friend, payload: object): Promise<Named> {
  const { content, cid } = await friend.publish({ at: Date.now(), ...payload } as Payload)
  return { identity: friend.peer.identity, content, cid }
}

const reference = ({ identity, content, cid }: Named) => ({ identity, content, entry: cid, synod: null })

const comment = (text: string, target: Named, thread: Named | null = null): Partial<Comment> => ({
  type: 'comment',
  text,
  target: reference(target),
  thread: thread === null ? null : reference(thread),
})

async function picture({ peer }: Friend, scene: SceneName, alt: string) {
  const { bytes, mime, width, height, thumbhash } = makePicture({ type: 'scene', scene, seed: '7' })
  async function* pieces() {
    yield bytes
  }
  const { root } = await peer.addFile(pieces(), { signal: AbortSignal.timeout(20_000) })
  return { type: 'image' as const, blob: root, mime, width, height, alt, thumbhash }
}

export interface Company {
  readonly bea: Friend
  readonly cem: Friend
  /** The note that has answers. */
  readonly root: Named
}

/** Two friends with a past; whoever arrives by the invite follows Bea. */
export async function keepCompany(world: AppWorld): Promise<Company> {
  const bea = world.use(await openFriend(world, { name: 'Bea Winter', about: 'Boats, bread and bad jokes.' }))
  const cem = world.use(await openFriend(world, { name: 'جميل', about: '' }))
  for (const [one, other] of [
    [bea, cem],
    [cem, bea],
  ] as const) {
    await one.peer.relate('follow', other.peer.identity, true)
  }
  await tell(bea, {
    type: 'public_note',
    text: 'First frost on the boats this morning. The harbour smells of **tar and coffee**.\n\n- hull: sanded\n- engine: sulking\n- me: happy #boats',
    tags: ['boats'],
  })
  const root = await tell(bea, {
    type: 'public_note',
    text: 'Should a bread starter have a name? Mine is three years old and I feel rude. #bread',
    tags: ['bread'],
  })
  await cem.peer.settled(AbortSignal.timeout(20_000))
  const one = await tell(cem, comment('طبعًا! خميرتي اسمها «فريدة» ولا تستجيب لغيره.', root))
  await bea.peer.settled(AbortSignal.timeout(20_000))
  const two = await tell(bea, comment('Farida! Does she answer on Sundays too?', one, root))
  await cem.peer.settled(AbortSignal.timeout(20_000))
  await tell(cem, comment('Only when she is *fed*.', two, root))
  await tell(bea, comment('I have decided: he is called **Bubbles**.', root))
  await tell(bea, {
    type: 'public_note',
    text: 'How the loaf of last night ends',
    cw: 'Spoiler: what became of the loaf',
  })
  await tell(bea, {
    type: 'public_note',
    text: 'Evening light, and the day before.',
    attachments: [
      await picture(bea, 'harbour', 'Boats at their moorings under an orange sky'),
      await picture(bea, 'bay', 'The bay in the morning, without a wave'),
      await picture(bea, 'loaf', 'A loaf with a dark crust'),
    ],
  })
  await tell(bea, {
    type: 'public_note',
    text: 'Still thinking about this.',
    attachments: [{ type: 'reference', ...reference(root) }],
  })
  await cem.peer.label(root.identity, root.content, '❤️', true)
  await cem.peer.label(root.identity, root.content, '😂', true)
  await bea.peer.settled(AbortSignal.timeout(20_000))
  return { bea, cem, root }
}

/** Somebody who came by Bea's invite, and sees her posts. */
export async function join(person: AppPerson, world: AppWorld, { bea }: Company): Promise<void> {
  const { page } = person
  await onceFor(person, 'join', async () => {
    await page.goto(new URL(`/${await bea.invite()}`, world.origin).href)
    await page.reload()
    await person.start('Ada')
  })
  await person.go('/')
  await page.getByRole('article').nth(2).waitFor({ timeout: 30_000 })
}

/** Who a person is, by a note of theirs on Home. */
export async function identityOf({ page }: AppPerson, text: string): Promise<Identity> {
  const note = page.getByRole('article').filter({ hasText: text }).first()
  const href = await note.locator('a[href^="/p/"]').first().getAttribute('href')
  const identity = parseIdentity(href?.slice(3) ?? '')
  if (identity === null) throw new Error('the note has no author')
  return identity
}

function scene(show: (person: AppPerson, company: Company) => Promise<void>): Scene {
  return async (person, world) => {
    const company = await onceFor(world, 'company', () => keepCompany(world))
    await join(person, world, company)
    await show(person, company)
  }
}

export const homeScenes: Readonly<Record<string, Scene>> = {
  timeline: scene(async ({ page }) => {
    await page.locator('article img').nth(2).waitFor({ timeout: 20_000 })
  }),
  thread: scene(async (person, { root }) => {
    await person.go(`/n/${root.identity}/${root.content}`)
    await person.page.getByText('Bubbles').waitFor()
  }),
  search: scene(async (person) => {
    await person.go('/search?q=bread')
    await person.page.locator('mark').first().waitFor({ timeout: 20_000 })
  }),
  quote: scene(async (person, { root }) => {
    await person.go(`/new?quote=${root.identity}/${root.content}`)
    await person.page.locator('blockquote').waitFor()
  }),
  tag: scene(async (person) => {
    await person.go('/tag/boats')
    await person.page.getByRole('article').first().waitFor()
  }),
  news: scene(async (person, { bea }) => {
    const { page } = person
    await page.getByRole('textbox').first().fill('Hello, I am new here. Who bakes?')
    await page.locator('form button[type="submit"]').first().click()
    const ada = await identityOf(person, 'Who bakes?')
    await bea.peer.relate('follow', ada, true)
    const note = await until(() => {
      const { items } = bea.peer.query.timeline({ identities: [ada] })
      return items.find(({ state }) => state.type === 'shown') ?? null
    })
    await tell(bea, comment('I do! Welcome, Ada.', note))
    await bea.peer.label(note.identity, note.content, '🎉', true)
    await tell(bea, {
      type: 'public_note',
      text: 'Everybody say hello to @Ada',
      mentions: [{ identity: ada, root: null, name: 'Ada' }],
    })
    await person.go('/news')
    await page.locator('a[data-unread]').nth(3).waitFor({ timeout: 20_000 })
  }),
}
