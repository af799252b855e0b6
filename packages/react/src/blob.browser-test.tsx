/**
 * Files as addresses: fetched, told, given up, tried again, and let go of.
 *
 * @module
 */
import { type ReactNode, StrictMode } from 'react'
import { describe, expect, test } from 'vitest'
import { createFakePeer } from '../test/fake-peer.ts'
import { type Rendered, render } from '../test/render.tsx'
import { type BlobOptions, harmlessType, useBlob } from './blob.ts'
import { PeerProvider } from './provider.tsx'

const root = 'bafkreifile' as never
const bytes = (text: string) => new TextEncoder().encode(text)

function File({ of, ...options }: BlobOptions & { readonly of: typeof root | null }): ReactNode {
  const { type, url, blob, progress, error, cancel, retry } = useBlob(of, options)
  return (
    <div>
      <a href={url ?? undefined}>
        {type} {blob?.size} {progress === null ? '' : `${progress.done}/${progress.total}`} {error?.code}
      </a>
      <button type="button" id="cancel" onClick={cancel} />
      <button type="button" id="retry" onClick={retry} />
    </div>
  )
}

const show = (peer: ReturnType<typeof createFakePeer>['peer'], ...files: readonly ReactNode[]) => (
  <StrictMode>
    <PeerProvider peer={peer} graceMs={30}>
      {files}
    </PeerProvider>
  </StrictMode>
)

const said = ({ element }: Rendered) => element.querySelector('a')?.textContent?.trim().replaceAll(/ +/g, ' ')
const urlOf = ({ element }: Rendered) => element.querySelector('a')?.getAttribute('href') ?? ''

describe('useBlob', () => {
  test('[O12] what another tab took over is read again, and not for ever', async () => {
    const { peer, fetches } = createFakePeer()
    let reads = 0
    let interruptions = 1
    Object.assign(peer, {
      async *readFile() {
        reads++
        if (reads <= interruptions) throw Object.assign(new Error('taken over'), { code: 'interrupted' })
        yield bytes('hello')
      },
    })
    {
      await using page = await render(show(peer, <File key="1" of={root} />))
      await page.until(() => expect(fetches.length).toBe(1))
      await page.do(() => fetches[0]?.resolve())
      await page.until(() => expect(fetches.length).toBe(2))
      await page.do(() => fetches[1]?.resolve())
      await page.until(() => expect(said(page)).toBe('ready 5'))
    }
    ;[reads, interruptions] = [0, 1_000]
    await using page = await render(show(peer, <File key="2" of={'bafkreiother' as never} />))
    await page.until(() => {
      for (const { resolve } of fetches) resolve()
      expect(said(page)).toBe('failed interrupted')
    })
    expect(reads).toBe(6)
  })

  test('tells how far it is, then gives an address, which goes with the last who shows it', async () => {
    const { peer, fetches, files } = createFakePeer()
    files.set(root, [bytes('hello '), bytes('world')])
    await using page = await render(show(peer, <File key="1" of={root} />, <File key="2" of={root} />))
    await page.until(() => expect(said(page)).toBe('pending'))
    expect(fetches.length).toBe(1)
    await page.do(() => fetches[0]?.progress(4))
    expect(said(page)).toBe('pending 4/10')
    await page.do(() => fetches[0]?.resolve())
    await page.until(() => expect(said(page)).toBe('ready 11'))
    const url = urlOf(page)
    expect(await (await fetch(url)).text()).toBe('hello world')
    await page.show(show(peer, <File key="2" of={root} />))
    await page.do(() => new Promise((resolve) => setTimeout(resolve, 60)))
    expect(urlOf(page)).toBe(url)
    expect((await fetch(url)).ok).toBe(true)
    await page.show(show(peer))
    await expect.poll(() => fetch(url).catch(() => 'revoked')).toBe('revoked')
    expect(fetches.length).toBe(1)
  })

  test('given up, and tried again', async () => {
    const { peer, fetches, files } = createFakePeer()
    files.set(root, [bytes('late')])
    await using page = await render(show(peer, <File key="1" of={root} />))
    await page.until(() => expect(fetches.length).toBe(1))
    await page.click('#cancel')
    await page.until(() => expect(said(page)).toBe('failed cancelled'))
    expect(fetches[0]?.signal.aborted).toBe(true)
    await page.click('#retry')
    await page.until(() => expect(said(page)).toBe('pending'))
    await page.do(() => fetches[1]?.reject(Object.assign(new Error('no'), { code: 'blob-refused' })))
    await page.until(() => expect(said(page)).toBe('failed blob-refused'))
    await page.click('#retry')
    await page.do(() => fetches[2]?.resolve())
    await page.until(() => expect(said(page)).toBe('ready 4'))
  })

  test('nobody waits for it any more: the fetch ends', async () => {
    const { peer, fetches } = createFakePeer()
    await using page = await render(show(peer, <File key="1" of={root} />))
    await page.until(() => expect(fetches.length).toBe(1))
    await page.show(show(peer))
    await page.until(() => expect(fetches[0]?.signal.aborted).toBe(true))
  })

  test('with null nothing is fetched, until a person asks', async () => {
    const { peer, fetches, files } = createFakePeer()
    files.set(root, [bytes('tapped')])
    await using page = await render(show(peer, <File key="1" of={null} />))
    expect(said(page)).toBe('idle')
    expect(fetches.length).toBe(0)
    await page.show(show(peer, <File key="1" of={root} />))
    await page.do(() => fetches[0]?.resolve())
    await page.until(() => expect(said(page)).toBe('ready 6'))
  })

  test('[T11] more than its bound is not put together, whatever came before', async () => {
    const { peer, fetches, files } = createFakePeer()
    files.set(root, [bytes('four'), bytes('more')])
    await using page = await render(show(peer, <File key="1" of={root} maxBytes={7} />))
    await page.do(() => fetches[0]?.resolve())
    await page.until(() => expect(said(page)).toBe('failed blob-too-large'))
  })

  test.for([
    ['image/jpeg', 'image/jpeg'],
    ['video/mp4', 'video/mp4'],
    ['image/svg+xml', 'application/octet-stream'],
    ['text/html', 'application/octet-stream'],
    ['application/xhtml+xml', 'application/octet-stream'],
    ['video/mp4+xml', 'application/octet-stream'],
    ['application/javascript', 'application/octet-stream'],
    ['image/png;text/html', 'application/octet-stream'],
    ['', 'application/octet-stream'],
  ])('[T9] a file said to be "%s" is given out as %s', async ([mime, type]) => {
    expect(harmlessType(mime ?? '')).toBe(type)
  })

  test('what a stranger calls a page is none under its address', async () => {
    const { peer, fetches, files } = createFakePeer()
    files.set(root, [bytes('<script>parent.hacked = true</script>')])
    await using page = await render(show(peer, <File key="1" of={root} mime="text/html" />))
    await page.do(() => fetches[0]?.resolve())
    await page.until(() => expect(said(page)).toMatch('ready'))
    expect((await fetch(urlOf(page))).headers.get('content-type')).toBe('application/octet-stream')
  })
})
