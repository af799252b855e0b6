/**
 * A message at the edge of the page; what shows it is loaded when the page stands, or with the first one.
 *
 * @module
 */
import type { NotificationData } from '@mantine/notifications'

export function tell(message: NotificationData): void {
  void import('@mantine/notifications').then(
    ({ notifications }) => notifications.show(message),
    // Without a network, before they came for the first time: there is nothing to say it with.
    () => {},
  )
}
