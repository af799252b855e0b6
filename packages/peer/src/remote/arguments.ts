/**
 * Arguments on their way into a port (spec O6): what cannot be copied is taken out, and a word says where it stood.
 *
 *     [{ limit: 3, signal, onProgress }] ─▶ [{ limit: 3 }], slots [signal, onProgress]
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { maxListed, type OptionName, type Slot } from './messages.ts'

export interface SplitArguments {
  readonly args: readonly unknown[]
  readonly slots: readonly Slot[]
  readonly signals: readonly AbortSignal[]
  /** By the place of their slot. */
  readonly listeners: ReadonlyMap<number, (value: unknown) => void>
}

/** Throws `EffigyError` 'port-argument' for lists without end. */
export function splitArguments(given: readonly unknown[]): SplitArguments {
  const args: unknown[] = []
  const slots: Slot[] = []
  const signals: AbortSignal[] = []
  const listeners = new Map<number, (value: unknown) => void>()

  function takeOut(argument: number, name: OptionName | null, value: unknown): boolean {
    if (value instanceof AbortSignal) signals.push(value)
    else if (name !== null && name !== 'signal' && typeof value === 'function') {
      listeners.set(slots.length, (heard) => void value(heard))
    } else return false
    slots.push({ argument, name })
    return true
  }

  for (const [argument, value] of given.entries()) {
    if (takeOut(argument, null, value)) args.push(undefined)
    else if (isPlain(value)) {
      const rest: Record<string, unknown> = {}
      for (const [name, option] of Object.entries(value)) {
        if (!isOption(name) || !takeOut(argument, name, option)) rest[name] = option
      }
      args.push(rest)
    } else args.push(isGenerator(value) ? listOf(value) : value)
  }
  return { args, slots, signals, listeners }
}

const isOption = (name: string): name is OptionName =>
  name === 'signal' || name === 'onProgress' || name === 'onAnswer'

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const isGenerator = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && 'next' in value && Symbol.iterator in value

function listOf(items: Iterable<unknown>): readonly unknown[] {
  const list: unknown[] = []
  for (const item of items) {
    if (list.length >= maxListed) throw new EffigyError('port-argument', `more than ${maxListed} items`)
    list.push(item)
  }
  return list
}
