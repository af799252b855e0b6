/**
 * One of those who can read something.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { PersonName } from '../../components/person-name.tsx'
import classes from './talk.module.css'
import { Face } from './talk-face.tsx'

export interface ReaderProps {
  readonly identity: Identity
  /** Below the name. */
  readonly note?: string | null
  /** What can be done. */
  readonly children?: ReactNode
}

export function Reader({ identity, note = null, children }: ReaderProps): ReactNode {
  return (
    <li className={classes.member}>
      <Face identity={identity} size={44} />
      <div className={classes.memberText}>
        <Text fw={600}>
          <PersonName identity={identity} />
        </Text>
        {note !== null && (
          <Text size="sm" c="var(--soft)">
            {note}
          </Text>
        )}
      </div>
      {children}
    </li>
  )
}
