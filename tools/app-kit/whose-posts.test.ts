/** Whose posts one sees, and what of them: filters of Home, warnings, conversations and people one wants to hear nothing of. */
import type { Comment, Reference } from '@effigy/core'
import type { Published } from '@effigy/peer'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { makePicture } from '../demo/pictures/make.ts'
import { type Friend, openFriend, until } from './friend.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

const app = withApp()

/** With one picture. */
async function show({ peer, publish }: Friend, text: string, cw?: string): Promise<Published> {
  const { bytes, mime, width, height } = makePicture({ type: 'scene', scene: 'loaf', seed: text })
  const file = await peer.addFile([bytes] as never, { signal: AbortSignal.timeout(20_000) })
  const image = { type: 'image', blob: file.root, mime, width, height, alt: `A loaf: ${text}` } as const
  const note = { type: 'public_note', at: Date.now(), text, attachments: [image] } as const
  return publish(cw === undefined ? note : { ...note, cw })
}

function answer({ publish }: Friend, text: string, target: Reference): Promise<Published> {
  return publish({ type: 'comment', at: Date.now(), text, target, thread: null } satisfies Comment)
}

describe.skipIf(noBrowser !== null)('whose posts', () => {
  test('friends, their friends, tags and replies; behind warnings; not of who and what is muted', {
    timeout: 90_000,
  }, async () => {
    await using cleo = await openFriend(app.world, { name: 'Cleo' })
    await using bea = await openFriend(app.world, { name: 'Bea' })
    await bea.peer.relate('follow', cleo.identity, true)
    await show(cleo, 'Cleo bakes rye')
    await bea.publish({ type: 'public_note', at: Date.now(), text: 'I like #bread', tags: ['bread'] })
    const { content, cid } = await bea.say('Rain again')
    await answer(bea, 'And hail', { identity: bea.peer.identity, content, entry: cid, synod: null })
    await show(bea, 'It was the baker', 'How the film ends')
    const ada = await app.browsers.arrive(app.world, { path: `/${await bea.invite()}` })
    const { page } = ada
    await ada.start('Ada')
    const notes = page.getByRole('article')
    const note = (text: string) => notes.filter({ hasText: text })
    await note('Rain again').waitFor(patience)
    await note('I like #bread').waitFor(patience)
    expect(await note('And hail').count()).toBe(0)
    expect(await note('Cleo bakes rye').count()).toBe(0)

    // With what they answered.
    await page.getByRole('button', { name: 'Show replies' }).click()
    await note('And hail').waitFor(patience)
    await page.getByRole('button', { name: 'Show replies' }).click()
    await note('And hail').waitFor({ ...patience, state: 'detached' })

    // About one thing.
    await note('I like #bread').getByRole('link', { name: '#bread' }).click()
    await page.getByRole('button', { name: 'Keep on Home' }).click()
    await page.getByRole('button', { name: 'On Home' }).waitFor(patience)
    await ada.go('/')
    const filters = page.getByRole('group', { name: 'What is shown' })
    await filters.getByText('#bread').click(patience)
    await note('Rain again').waitFor({ ...patience, state: 'detached' })
    await note('I like #bread').waitFor(patience)
    expect(await notes.count()).toBe(1)
    await filters.getByText('Everything').click()
    await note('Rain again').waitFor(patience)

    // Of their friends nothing is here until it is wanted, and the choice stays.
    await page.getByText('Their friends too', { exact: true }).click()
    await page.getByText('Friends of your friends').waitFor(patience)
    expect(await note('Cleo bakes rye').count()).toBe(0)
    expect(await ada.axe()).toEqual([])
    await page.getByRole('button', { name: 'Bring them in' }).click()
    const loaf = note('Cleo bakes rye')
    await loaf.waitFor(patience)
    await page.reload()
    await loaf.waitFor(patience)
    // What strangers show, nobody has to see.
    expect(await loaf.locator('img[src^="blob:"]').count()).toBe(0)
    await loaf.getByRole('button', { name: 'Show picture' }).click()
    await loaf.locator('img[src^="blob:"]').waitFor(patience)
    await page.getByText('Friends', { exact: true }).click()
    await loaf.waitFor({ ...patience, state: 'detached' })

    // Nothing of it is in the page before it is opened; and shut again.
    const film = note('How the film ends')
    expect(await film.textContent()).not.toContain('It was the baker')
    expect(await film.locator('img').count()).toBe(0)
    await film.getByRole('button', { name: 'Show', exact: true }).click()
    await film.getByText('It was the baker').waitFor(patience)
    await film.locator('img[src^="blob:"]').waitFor(patience)
    await film.getByRole('button', { name: 'Hide', exact: true }).click()
    expect(await film.textContent()).not.toContain('It was the baker')

    // One's own, as a friend has it.
    const text = page.getByRole('textbox', { name: 'Say something to your friends' })
    await text.fill('The cat dies')
    await page.getByRole('button', { name: 'Put a warning in front' }).click()
    await page.getByRole('textbox', { name: 'What to say in front of it' }).fill('Sad, with a cat')
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await note('Sad, with a cat').waitFor(patience)
    expect(await note('Sad, with a cat').textContent()).not.toContain('The cat dies')
    const account = await bea.meet('Ada')
    await bea.peer.relate('follow', account, true)
    const mine = () => bea.peer.query.timeline({ identities: [account] }).items[0] ?? null
    const heard = await until(mine)
    expect(heard.state).toMatchObject({ payload: { text: 'The cat dies', cw: 'Sad, with a cat' } })

    // Of a conversation that is muted nothing is told, of others it is.
    await text.fill('Who comes on Sunday?')
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    const asked = note('Who comes on Sunday?')
    await asked.getByRole('button', { name: 'More' }).click(patience)
    await page.getByRole('menuitem', { name: 'No news of this conversation' }).click()
    await page.getByText('You will not be told of this conversation any more').waitFor(patience)
    const sunday = await until(() => (mine()?.cid === heard.cid ? null : mine()))
    const of = ({ cid, content }: typeof heard) => ({ identity: account, content, entry: cid, synod: null })
    await answer(bea, 'Not me', of(sunday))
    await answer(bea, 'Poor cat', of(heard))
    await page.locator('a[href="/news"]').filter({ visible: true }).last().click()
    await page.getByText('Poor cat').waitFor(patience)
    expect(await page.getByText('Not me').count()).toBe(0)
    await ada.go('/')
    await asked.getByRole('link', { name: '1 reply' }).click(patience)
    await page.getByText('Not me').waitFor(patience)

    // Somebody muted is gone from lists, until one thinks better of it.
    await ada.go('/')
    await note('Rain again').getByRole('button', { name: 'More' }).click(patience)
    await page.getByRole('menuitem', { name: 'Mute Bea' }).click()
    await note('Rain again').waitFor({ ...patience, state: 'detached' })
    expect(await note('I like #bread').count()).toBe(0)
    await note('Who comes on Sunday?').waitFor(patience)
    await page.getByText('You see nothing more of Bea').waitFor(patience)
    await page.getByRole('button', { name: 'Undo' }).click()
    await note('Rain again').waitFor(patience)
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })
})
