/**
 * The files of a note that is being written: several at once, each with how far it is.
 *
 *     add(files) ─▶ working ─▶ ready │ asks (nobody could look into it) │ failed (with a way on)
 *
 * @module
 */
import type { Attachment } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type AttachedFile, addAttached } from './attached.ts'

export interface Attached {
  readonly id: number
  readonly name: string
  /** Shown here; null: of a draft or an older note, it is read from the device. */
  readonly blob: Blob | null
  readonly state:
    | { readonly type: 'working'; readonly share: number }
    | { readonly type: 'ready' }
    /** It may say more than it shows, and nobody could look. */
    | { readonly type: 'asks' }
    | { readonly type: 'failed'; readonly error: unknown }
  /** Null until it is stored. */
  readonly file: AttachedFile | null
  readonly removed: readonly string[]
}

export interface AttachedFiles {
  readonly list: readonly Attached[]
  readonly isBusy: boolean
  /** Of those added last, how many there was no room for. */
  readonly leftOut: number
  /** For some readers: nothing that leads to everybody is offered for them. */
  readonly isEncrypted: boolean
  add(files: Iterable<File>): void
  /** Those of a draft, or of the note that is edited. */
  restore(files: readonly AttachedFile[]): void
  remove(id: number): void
  /** By so many places towards the end; below 0 towards the beginning. */
  move(id: number, by: number): void
  describe(id: number, alt: string): void
  /** The person was told that it may say more, and sends it all the same. */
  keep(id: number): void
  /** Of what failed, once more. */
  retry(id: number): void
  clear(): void
}

/** Files and quotes of one note (P6). */
export const maxAttached = 16

let nextId = 1

/** `taken`: places that something else has, quotes and albums. */
export function useAttached(peer: RemotePeer, isEncrypted: boolean, taken = 0): AttachedFiles {
  const [list, setList] = useState<readonly Attached[]>([])
  const [leftOut, setLeftOut] = useState(0)
  const works = useRef(new Map<number, { readonly file: File; readonly abort: AbortController }>())
  const encrypted = useRef(isEncrypted)
  encrypted.current = isEncrypted
  useEffect(() => {
    const all = works.current
    return () => {
      for (const { abort } of all.values()) abort.abort()
    }
  }, [])

  const change = useCallback((id: number, changes: Partial<Attached>) => {
    setList((all) => all.map((one) => (one.id === id ? { ...one, ...changes } : one)))
  }, [])

  const work = useCallback(
    async (id: number, file: File, asItIs: boolean) => {
      const abort = new AbortController()
      works.current.set(id, { file, abort })
      change(id, { state: { type: 'working', share: 0 } })
      try {
        const added = await addAttached(peer, file, {
          isEncrypted: encrypted.current,
          asItIs,
          signal: abort.signal,
          onShare: (share) => change(id, { state: { type: 'working', share } }),
        })
        const state = added.isUnknown ? ({ type: 'asks' } as const) : ({ type: 'ready' } as const)
        change(id, { state, file: added.file, blob: added.blob, removed: added.removed })
      } catch (error) {
        if (!abort.signal.aborted) change(id, { state: { type: 'failed', error } })
      }
    },
    [peer, change],
  )

  return {
    list,
    isBusy: list.some(({ state }) => state.type === 'working'),
    leftOut,
    isEncrypted,
    add(files) {
      const all = [...files]
      const room = Math.max(0, maxAttached - taken - list.length)
      setLeftOut(Math.max(0, all.length - room))
      const fresh = all.slice(0, room).map((file) => ({ id: nextId++, file }))
      const shown = fresh.map(({ id, file }): Attached => {
        const state = { type: 'working', share: 0 } as const
        return { id, name: file.name, blob: null, state, file: null, removed: [] }
      })
      setList((before) => [...before, ...shown])
      for (const { id, file } of fresh) void work(id, file, false)
    },
    restore(files) {
      setList(
        files.map((file) => ({
          id: nextId++,
          name: file.type === 'media' ? (file.name ?? '') : '',
          blob: null,
          state: { type: 'ready' },
          file,
          removed: [],
        })),
      )
    },
    remove(id) {
      works.current.get(id)?.abort.abort()
      works.current.delete(id)
      setList((all) => all.filter((one) => one.id !== id))
    },
    move(id, by) {
      setList((all) => moved(all, id, by))
    },
    describe(id, alt) {
      setList((all) =>
        all.map((one) => (one.id === id && one.file !== null ? { ...one, file: { ...one.file, alt } } : one)),
      )
    },
    keep(id) {
      const known = works.current.get(id)
      const one = list.find((other) => other.id === id)
      if (one?.state.type === 'asks') change(id, { state: { type: 'ready' } })
      else if (known !== undefined) void work(id, known.file, true)
    },
    retry(id) {
      const known = works.current.get(id)
      if (known !== undefined) void work(id, known.file, false)
    },
    clear() {
      for (const { abort } of works.current.values()) abort.abort()
      works.current.clear()
      setList([])
      setLeftOut(0)
    },
  }
}

/** What is ready, in its order. */
export function readyFiles(list: readonly Attached[]): readonly AttachedFile[] {
  return list.flatMap(({ state, file }) => (state.type === 'ready' && file !== null ? [file] : []))
}

/** As a note says it: descriptions without spaces around them. */
export function asAttachments(files: readonly AttachedFile[]): readonly Attachment[] {
  return files.map((file) => {
    const alt = file.alt?.trim() ?? ''
    if (file.type === 'image') return { ...file, alt }
    const { alt: _typed, ...rest } = file
    return alt === '' ? rest : { ...rest, alt }
  })
}

export function moved(all: readonly Attached[], id: number, by: number): readonly Attached[] {
  const from = all.findIndex((one) => one.id === id)
  const one = all[from]
  if (one === undefined) return all
  const rest = all.filter((other) => other.id !== id)
  const to = Math.max(0, Math.min(rest.length, from + by))
  return [...rest.slice(0, to), one, ...rest.slice(to)]
}
