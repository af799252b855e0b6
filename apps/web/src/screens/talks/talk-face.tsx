/**
 * The face of a conversation: of the one other person, of two of several, or a sign for a group and for oneself.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { ThemeIcon } from '@mantine/core'
import { IconBookmark, IconUsersGroup } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { usePerson } from '../../components/use-person.ts'
import type { TalkNameProps } from './talk-name.tsx'
import classes from './talks.module.css'

export function TalkFace({ kind, persons }: TalkNameProps): ReactNode {
  const [first, second] = persons
  if (kind === 'group' || first === undefined) {
    const Icon = kind === 'group' ? IconUsersGroup : IconBookmark
    return (
      <ThemeIcon size={48} radius="xl" variant="light" aria-hidden>
        <Icon size={26} stroke={1.6} />
      </ThemeIcon>
    )
  }
  if (second === undefined) return <Face identity={first.identity} size={48} />
  return (
    <span className={classes.faces}>
      <Face identity={first.identity} size={34} />
      <Face identity={second.identity} size={34} />
    </span>
  )
}

export function Face({ identity, size }: { readonly identity: Identity; readonly size: number }): ReactNode {
  return <Avatar {...usePerson(identity)} size={size} />
}
