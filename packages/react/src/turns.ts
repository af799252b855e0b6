/**
 * So many at once of any number: who came last runs, and whoever has something to show makes room.
 *
 *     enter ─▶ running, up to `limit` ─the oldest that has its answer▶ paused ─room again▶ running
 *
 * @module
 */
export interface Turns<Member> {
  /** It runs as soon as it may; nothing when it does or waits already. */
  enter(member: Member): void
  /** It has its first answer: from now on it may be paused. */
  answered(member: Member): void
  leave(member: Member): void
}

export interface TurnsOptions<Member> {
  readonly limit: number
  readonly start: (member: Member) => void
  readonly pause: (member: Member) => void
}

export function createTurns<Member>({ limit, start, pause }: TurnsOptions<Member>): Turns<Member> {
  /** With whether it has its answer; the oldest first. */
  const running = new Map<Member, boolean>()
  const waiting = new Map<Member, boolean>()

  function enter(member: Member): void {
    if (running.has(member)) return
    const hasAnswer = waiting.get(member) ?? false
    if (running.size >= limit && !makeRoom()) {
      waiting.set(member, hasAnswer)
      return
    }
    waiting.delete(member)
    running.set(member, hasAnswer)
    start(member)
  }

  function makeRoom(): boolean {
    for (const [member, hasAnswer] of running) {
      if (!hasAnswer) continue
      running.delete(member)
      waiting.set(member, true)
      pause(member)
      return true
    }
    return false
  }

  /** Who has nothing to show yet, the first of them. */
  function hungry(): Member | undefined {
    for (const [member, hasAnswer] of waiting) if (!hasAnswer) return member
    return undefined
  }

  return {
    enter,
    answered(member) {
      if (!running.has(member)) return
      running.set(member, true)
      const next = hungry()
      if (next !== undefined) enter(next)
    },
    leave(member) {
      waiting.delete(member)
      if (!running.delete(member)) return
      const next = hungry() ?? [...waiting.keys()].at(-1)
      if (next !== undefined) enter(next)
    },
  }
}
