/** Grants add up, so one is made once. */
import { MantineProvider } from '@mantine/core'
import { expect, test, vi } from 'vitest'
import { render } from '../../../../../packages/react/test/render.tsx'
import { startWords } from '../../words/language.ts'
import { Credit } from './credit.tsx'

await startWords()

test('Enter twice gives once', async () => {
  const granted: { readonly body: string; readonly answer: () => void }[] = []
  vi.stubGlobal('fetch', async (path: string, { body }: { readonly body: string }) => {
    if (!path.endsWith('/credit/grant')) return Response.json({ items: [], next: null })
    await new Promise<void>((answer) => void granted.push({ body, answer }))
    return Response.json({})
  })
  await using page = await render(
    <MantineProvider env="test">
      <Credit who="did:key:z6MkBea" devices={[{ identity: 'did:key:z6MkBea' }]} />
    </MantineProvider>,
  )
  const form = page.element.querySelector('form')
  const input = page.element.querySelector('input')
  if (form === null || input === null) throw new Error('no form')
  await page.do(() => {
    // As typed: React hears of what the element's own setter did.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, '5')
    input.dispatchEvent(new Event('input', { bubbles: true }))
  })
  await page.do(() => {
    form.requestSubmit()
    form.requestSubmit()
  })
  await page.do(() => form.requestSubmit())
  expect(granted.map(({ body }) => JSON.parse(body))).toEqual([
    { identity: 'did:key:z6MkBea', bytes: 5_000_000 },
  ])
  await page.do(() => granted[0]?.answer())
  await page.until(() => expect(input.value).toBe(''))
  vi.unstubAllGlobals()
})
