/**
 * Two machines on one wire: network namespaces, where this system and this user have them.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'

export interface TwoMachines extends Disposable {
  /** Before the words of a program that is to run on it. */
  readonly first: readonly string[]
  readonly second: readonly string[]
}

const ip = (...words: readonly string[]): boolean =>
  spawnSync('ip', words, { stdio: 'ignore', timeout: 60_000 }).status === 0

/** Null where there are none. */
export function twoMachines(): TwoMachines | null {
  const names = ['a', 'b'].map((letter) => `effigy-${process.pid}-${letter}`)
  const [a = '', b = ''] = names
  const wire = ['eth0', 'netns', a, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', b] as const
  const remove = (): void => {
    for (const name of names) ip('netns', 'del', name)
  }
  const isMade =
    process.getuid?.() === 0 &&
    names.every((name) => ip('netns', 'add', name)) &&
    ip('link', 'add', ...wire) &&
    names.every(
      (name, at) =>
        ip('-n', name, 'addr', 'add', `10.77.0.${at + 1}/24`, 'dev', 'eth0') &&
        ip('-n', name, 'link', 'set', 'lo', 'up') &&
        ip('-n', name, 'link', 'set', 'eth0', 'up') &&
        ip('-n', name, 'route', 'add', '224.0.0.0/4', 'dev', 'eth0'),
    )
  if (!isMade) {
    remove()
    return null
  }
  const within = (name: string): readonly string[] => ['ip', 'netns', 'exec', name]
  return { first: within(a), second: within(b), [Symbol.dispose]: remove }
}
