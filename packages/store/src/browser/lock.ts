/**
 * One worker a store (spec S51): a Web Lock, held until the store is closed or its worker is gone.
 *
 *     worker 1 ─"NAME/store"─▶ held ····· closes, crashes ─▶ worker 2, which waited
 *
 * The name carries no version: an older program in another tab keeps a newer one out, and the other way round.
 *
 * @module
 */
import { storageError } from '../storage-error.ts'

export interface LockOptions {
  /** `wait`: until the other one lets go or the signal ends it; `refuse`: throws `storage-locked` at once. */
  readonly whenTaken: 'wait' | 'refuse'
  readonly signal: AbortSignal
}

export const lockName = (name: string): string => `${name}/store`

/** Dispose it to let go. Throws the signal's reason, and `storage-locked`. */
export async function takeLock(
  locks: LockManager,
  name: string,
  { whenTaken, signal }: LockOptions,
): Promise<Disposable> {
  signal.throwIfAborted()
  const { promise: isDone, resolve: letGo } = Promise.withResolvers<void>()
  const { promise: isTaken, resolve, reject } = Promise.withResolvers<boolean>()
  const hold = (lock: Lock | null): Promise<void> | undefined => {
    resolve(lock !== null)
    return lock === null ? undefined : isDone
  }
  // It may not be both: what does not wait needs no signal.
  const request = whenTaken === 'wait' ? { signal } : { ifAvailable: true }
  locks.request(lockName(name), request, hold).catch(reject)
  try {
    if (!(await isTaken)) throw storageError('storage-locked')
  } catch (cause) {
    signal.throwIfAborted()
    throw cause
  }
  return { [Symbol.dispose]: letGo }
}
