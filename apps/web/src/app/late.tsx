/**
 * Components whose code is loaded when they are shown for the first time, or before.
 *
 *     late(get) ─shown, and it can be had▶ get ─▶ the component, or `part-missing`
 *               ─load()▶ get ─▶ shown at once
 *
 * @module
 */
import { loadPart } from '@effigy/core'
import { type ComponentType, lazy, type ReactNode, useState } from 'react'

export interface Late<Props> {
  (props: Props): ReactNode
  /** Fetches what will be shown; fails where it cannot be had. */
  load(): Promise<void>
}

export function late<Props extends object>(get: () => Promise<ComponentType<Props>>): Late<Props> {
  let loaded: ComponentType<Props> | null = null

  async function load(): Promise<ComponentType<Props>> {
    loaded = await get()
    return loaded
  }

  const Awaited = lazy(async () => {
    await isToBeHad()
    return { default: await loadPart(load) }
  })

  function Part(props: Props): ReactNode {
    // React shows what stands in for a part that it has to wait for, however shortly, for 300 ms.
    const [Shown] = useState<ComponentType<Props>>(() => loaded ?? Awaited)
    return <Shown {...props} />
  }

  return Object.assign(Part, {
    async load(): Promise<void> {
      await load()
    },
  })
}

/**
 * Whether there is a network, or the app is kept whole for times without one. Browsers remember of a page's code that it could
 * not be had until the page is loaded again: what cannot be there is not asked for.
 */
const mayBeHad = (): boolean => navigator.onLine || navigator.serviceWorker?.controller != null

/** Fetches what may be shown soon; what cannot be had now comes when it is shown. Returns at once. */
export function loadSoon(parts: Iterable<Pick<Late<never>, 'load'>>): void {
  if (mayBeHad()) for (const part of parts) part.load().catch(() => {})
}

async function isToBeHad(): Promise<void> {
  if (mayBeHad()) return
  await new Promise<void>((resolve) => {
    addEventListener('online', () => resolve(), { once: true })
    navigator.serviceWorker?.addEventListener('controllerchange', () => resolve(), { once: true })
  })
}
