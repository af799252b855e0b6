/**
 * What comes to the edge of the page: messages, and that there is a new version.
 *
 * @module
 */
import { Notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import classes from './app.module.css'
import { UpdatePrompt } from './update-prompt.tsx'

export function AtTheEdge(): ReactNode {
  return (
    <>
      <Notifications
        position="bottom-center"
        limit={4}
        // Room for large text, too.
        notificationMaxHeight="24rem"
        className={classes.notifications ?? ''}
      />
      <UpdatePrompt />
    </>
  )
}
