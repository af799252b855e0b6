/**
 * Groups of a store that keeps nothing opened: there are none, and none can be made.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { OpenGroups } from './open-groups.ts'

export const noGroups: OpenGroups = {
  api: {
    create: unsupported,
    set: unsupported,
    invite: unsupported,
    role: unsupported,
    remove: unsupported,
    leave: unsupported,
    post: unsupported,
    settled: () => Promise.resolve(false),
    list: () => [],
    show: () => null,
    readers: () => [],
    counts: () => false,
    messages: () => [],
  },
  named: () => [],
  doers: () => [],
  changed() {},
  [Symbol.dispose]() {},
}

function unsupported(): Promise<never> {
  return Promise.reject(new EffigyError('unsupported', 'This store keeps no groups.'))
}
