/**
 * Components whose code is loaded when they are shown for the first time.
 *
 *     late(load) ─shown, and it can be had▶ load ─▶ the component, or `part-missing`
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

export function late<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    await isToBeHad()
    try {
      return { default: await load() }
    } catch (cause) {
      throw new EffigyError('part-missing', 'a part of the app could not be loaded', { cause })
    }
  })
}

/**
 * Resolves when there is a network, or the app is kept whole for times without one. Browsers remember of a page's code that it could
 * not be had until the page is loaded again: what cannot be there is not asked for.
 */
async function isToBeHad(): Promise<void> {
  if (navigator.onLine || navigator.serviceWorker?.controller != null) return
  await new Promise<void>((resolve) => {
    addEventListener('online', () => resolve(), { once: true })
    navigator.serviceWorker?.addEventListener('controllerchange', () => resolve(), { once: true })
  })
}
