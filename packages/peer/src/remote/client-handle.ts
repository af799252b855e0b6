/**
 * An object that lives at the other end of a port, at the page's (spec O9): a connection, a link of devices.
 *
 *     connect() ─handle 7─▶ { ready(), state() } ─▶ calls on 7        port lost: made anew, where that can be
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { HandleCrossing } from './crossing.ts'
import { interrupted, isInterrupted } from './interrupted.ts'
import type { AnyTable } from './members.ts'
import { type Leaf, proxyOf } from './members.ts'

export interface ClientHandle {
  /** At the other end; null: it has to be made there anew. */
  id: number | null
  /** What stood there is gone; what can be made anew is, at once: a connection is kept for its own sake. */
  lost(): void
}

export interface MadeHandle {
  readonly id: number
  readonly constants: Readonly<Record<string, unknown>>
}

export interface ClientHandlePorts {
  /** Asks for it, at the first time and each later one. */
  readonly make: () => Promise<MadeHandle>
  readonly call: (member: string, target: number, how: Leaf, args: readonly unknown[]) => Promise<unknown>
  readonly stream: (
    member: string,
    target: number,
    how: 'stream' | 'bytes',
    args: readonly unknown[],
  ) => AsyncGenerator<unknown, unknown, void>
  /** Resolves when it is let go of there. */
  readonly release: (id: number) => Promise<void>
  /** Those that are not disposed of. */
  readonly handles: Set<ClientHandle>
}

export async function openHandle(
  how: HandleCrossing<AnyTable>,
  { make, call, stream, release, handles }: ClientHandlePorts,
): Promise<object> {
  const first = await make()
  let remaking: Promise<void> | null = null
  const handle: ClientHandle = {
    id: first.id,
    lost() {
      handle.id = null
      // Whoever uses it next tries again, and is told what is wrong.
      if (how.call === 'again') renew().catch(() => {})
    },
  }
  handles.add(handle)

  async function remake(): Promise<void> {
    const { id } = await make()
    if (handles.has(handle)) handle.id = id
    else await release(id)
  }

  function renew(): Promise<void> {
    remaking ??= remake().finally(() => {
      remaking = null
    })
    return remaking
  }

  async function current(): Promise<number> {
    for (;;) {
      if (!handles.has(handle)) throw new EffigyError('port-closed', 'it was disposed of')
      if (handle.id !== null) return handle.id
      if (how.call === 'once') throw interrupted()
      await renew()
    }
  }

  async function callOn(member: string, kind: Leaf, args: readonly unknown[]): Promise<unknown> {
    for (;;) {
      const target = await current()
      try {
        return await call(member, target, kind, args)
      } catch (reason) {
        if (!isInterrupted(reason) || kind === 'once' || how.call === 'once') throw reason
      }
    }
  }

  async function* streamOn(
    member: string,
    kind: 'stream' | 'bytes',
    args: readonly unknown[],
  ): AsyncGenerator<unknown, unknown, void> {
    return yield* stream(member, await current(), kind, args)
  }

  const object = proxyOf(how.handle, first.constants, (member, kind, args) =>
    kind === 'stream' || kind === 'bytes' ? streamOn(member, kind, args) : callOn(member, kind, args),
  )
  return Object.assign(object, {
    async [Symbol.asyncDispose]() {
      handles.delete(handle)
      if (handle.id !== null) await release(handle.id)
    },
  })
}
