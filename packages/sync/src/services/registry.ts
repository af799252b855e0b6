/**
 * The services of one peer, for all its sessions (spec V1).
 *
 *     serve(service) ─▶ registry ─▶ each session's host
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { maxServices } from '../limits.ts'
import { serviceNameForm } from '../provided.ts'
import type { Caller, Service } from './service.ts'

export interface Registry {
  /** Until disposed. Throws `EffigyError`: 'service-taken', 'too-many-services', 'service-name'. */
  serve(service: Service): Disposable
  get(name: string): Service | null
  /** Names in the order of serving. */
  namesFor(caller: Caller): readonly string[]
  /** Called after each change until disposed. */
  watch(changed: () => void): Disposable
}

/** `builtIn`: served by messages of their own, told to everybody, without tokens (V2). */
export function createRegistry(builtIn: readonly string[]): Registry {
  const services = new Map<string, Service>()
  const listeners = new Set<() => void>()
  const tell = (): void => {
    for (const listener of [...listeners]) listener()
  }

  return {
    serve(service) {
      const { name } = service
      if (!serviceNameForm.test(name))
        throw new EffigyError('service-name', `${name} is no name of a service.`)
      if (services.has(name) || builtIn.includes(name)) {
        throw new EffigyError('service-taken', `The service ${name} is served already.`)
      }
      if (services.size + builtIn.length >= maxServices) {
        throw new EffigyError('too-many-services', `At most ${maxServices} services are served.`)
      }
      services.set(name, service)
      tell()
      return {
        [Symbol.dispose]() {
          if (services.get(name) !== service) return
          services.delete(name)
          tell()
        },
      }
    },
    get: (name) => services.get(name) ?? null,
    namesFor(caller) {
      const own = [...services.values()].filter((service) => service.isFor(caller))
      return [...builtIn, ...own.map(({ name }) => name)]
    },
    watch(changed) {
      // A listener of one's own, so that watching twice with one function is two watches.
      const listener = (): void => changed()
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
  }
}
