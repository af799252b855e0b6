/**
 * A message at the edge of the page; what shows it is loaded when the page stands, or with the first one.
 *
 *     done ─tell▶ goes by itself        done, can be taken back ─▶ stays for `undoMs`        went wrong ─tellFault▶ stays until it is closed
 *
 * @module
 */
import type { NotificationData } from '@mantine/notifications'

/** ms to take back what was done. */
export const undoMs = 10_000

/** At once: there is room for what can be taken back beside them (`at-the-edge.tsx`). */
const maxFaults = 2

interface ToldFault {
  readonly id: string
  readonly text: string
}

let faults: readonly ToldFault[] = []
let nextFault = 1

export function tell(message: NotificationData): void {
  show(message, [])
}

/** The same once more takes the place of the one before, and is read aloud again. */
export function tellFault(title: string | null, message: string): void {
  const fault: ToldFault = { id: `fault ${nextFault++}`, text: `${title} ${message}` }
  const kept = faults.filter(({ text }) => text !== fault.text).slice(1 - maxFaults)
  const over = faults.filter((one) => !kept.includes(one))
  faults = [...kept, fault]
  show(
    {
      id: fault.id,
      color: 'red',
      ...(title === null ? {} : { title }),
      message,
      role: 'alert',
      autoClose: false,
    },
    over,
  )
}

/** Nothing of it stands any longer, nor waits for room: whoever is at this browser now was not told. */
export function untell(): void {
  faults = []
  void import('@mantine/notifications').then(
    ({ notifications }) => {
      notifications.clean()
      notifications.cleanQueue()
    },
    () => {},
  )
}

function show(message: NotificationData, over: readonly ToldFault[]): void {
  void import('@mantine/notifications').then(
    ({ notifications }) => {
      for (const { id } of over) notifications.hide(id)
      notifications.show(message)
    },
    // Without a network, before they came for the first time: there is nothing to say it with.
    () => {},
  )
}
