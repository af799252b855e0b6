/**
 * What comes to the edge of the page: messages, and that there is a new version.
 *
 * @module
 */
import { Notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import { watchTold } from './above-told.ts'
import classes from './app.module.css'
import { UpdatePrompt } from './update-prompt.tsx'

const position = 'bottom-center'

/** There is a place for messages at each edge; all stand at this one. */
function watchMessages(place: HTMLElement | null): (() => void) | undefined {
  return place?.dataset.position === position ? watchTold('messages', place) : undefined
}

export function AtTheEdge(): ReactNode {
  return (
    <>
      <Notifications
        position={position}
        limit={4}
        // Room for large text, too.
        notificationMaxHeight="24rem"
        ref={watchMessages}
        className={classes.notifications ?? ''}
      />
      <UpdatePrompt />
    </>
  )
}
