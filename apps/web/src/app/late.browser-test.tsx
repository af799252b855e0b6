/** Parts that are loaded before they are shown stand at once; others when they are there, and what cannot be had is told. */
import { EffigyError } from '@effigy/core'
import { Component, type ReactNode, Suspense } from 'react'
import { expect, test } from 'vitest'
import { render } from '../../../../packages/react/test/render.tsx'
import { late } from './late.tsx'

const Hello = ({ name }: { readonly name: string }): ReactNode => <p>Hello {name}</p>

test('a part that was loaded is shown at once, without what stands in for it', async () => {
  const Part = late(async () => Hello)
  await Part.load()
  let wasWaiting = false
  const Waiting = (): ReactNode => {
    wasWaiting = true
    return null
  }
  await using page = await render(
    <Suspense fallback={<Waiting />}>
      <Part name="Ada" />
    </Suspense>,
  )
  expect(page.text).toBe('Hello Ada')
  expect(wasWaiting).toBe(false)
})

test('a part that was not loaded comes in the place of what stood in for it', async () => {
  const gate = Promise.withResolvers<typeof Hello>()
  const Part = late(() => gate.promise)
  await using page = await render(
    <Suspense fallback={<p>Wait</p>}>
      <Part name="Ada" />
    </Suspense>,
  )
  expect(page.text).toBe('Wait')
  gate.resolve(Hello)
  await page.until(() => expect(page.text).toBe('Hello Ada'))
})

class Caught extends Component<{ readonly children: ReactNode }, { readonly code: string | null }> {
  override state = { code: null }
  static getDerivedStateFromError(error: unknown) {
    return { code: error instanceof EffigyError ? error.code : 'other' }
  }
  override render(): ReactNode {
    return this.state.code ?? this.props.children
  }
}

test('a part that cannot be had says so, and what failed before is asked for again when it is shown', async () => {
  let isThere = false
  const Part = late(async () => {
    if (!isThere) throw new TypeError('Failed to fetch')
    return Hello
  })
  await expect(Part.load()).rejects.toThrow('Failed to fetch')
  const shown = (
    <Caught>
      <Suspense fallback={null}>
        <Part name="Ada" />
      </Suspense>
    </Caught>
  )
  await using page = await render(shown)
  await page.until(() => expect(page.text).toBe('part-missing'))
  const Later = late(async () => {
    if (!isThere) throw new TypeError('Failed to fetch')
    return Hello
  })
  await expect(Later.load()).rejects.toThrow('Failed to fetch')
  isThere = true
  await using again = await render(
    <Suspense fallback={null}>
      <Later name="Bea" />
    </Suspense>,
  )
  await again.until(() => expect(again.text).toBe('Hello Bea'))
})
