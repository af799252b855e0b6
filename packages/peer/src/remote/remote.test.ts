import { EffigyError } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { linkPage } from '../../test/remote-kit.ts'
import { createWorld, note } from '../../test/world.ts'

describe('a peer through a port', () => {
  test('[O1] what is written and asked here is written and asked there', async () => {
    await using world = createWorld('remote')
    const { peer } = await world.add('alice')
    await using remote = linkPage(peer).remote
    const published = await remote.publish(note('hello'))
    const page = await remote.query.timeline({ limit: 5 })
    expect(page).toEqual(peer.query.timeline({ limit: 5 }))
    expect(page.items[0]?.cid).toBe(published.cid)
    expect(await remote.saving()).toBe('none')
    await remote.setSaving('metered')
    expect(await remote.saving()).toBe('metered')
    expect(remote.identity).toBe(peer.identity)
  })

  test('[O9] an error has its code and its words, and nothing else of the worker', async () => {
    await using world = createWorld('remote-errors')
    const { peer } = await world.add('alice')
    const { remote, posted } = linkPage(peer)
    await using _remote = remote
    const failure = await remote.forget(peer.identity).catch((reason: unknown) => reason)
    expect(failure).toBeInstanceOf(EffigyError)
    expect(failure).toMatchObject({ code: 'own-identity' })
    const said = posted.findLast(({ from }) => from === 'worker')?.message
    expect(Object.keys(said as object).sort()).toEqual(['code', 'id', 'message', 'type'])
  })

  test('[O7] a live query yields what changes, and ends with its signal', async () => {
    await using world = createWorld('remote-live')
    const { peer } = await world.add('alice')
    await using remote = linkPage(peer).remote
    const stop = new AbortController()
    const seen: number[] = []
    for await (const { items } of remote.live('timeline', [{ limit: 5 }], stop.signal)) {
      seen.push(items.length)
      if (items.length < 2) await remote.publish(note(`note ${items.length}`))
      else stop.abort()
    }
    expect(seen).toEqual([0, 1, 2])
  })
})
