/**
 * Small signs behind a name: one made sure of them; they changed; the name looks like another. Nothing for most people.
 *
 * @module
 */
import type { PersonName } from '@effigy/react'
import { VisuallyHidden } from '@mantine/core'
import {
  IconAlertTriangleFilled,
  IconRefreshDot,
  IconShieldCheckFilled,
  IconShieldX,
} from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import classes from './person-marks.module.css'
import { words } from './words.ts'

type Mark = 'verified' | 'moved' | 'alike' | 'changed'

const icons: Readonly<Record<Mark, ComponentType<{ readonly className?: string }>>> = {
  verified: IconShieldCheckFilled,
  moved: IconShieldX,
  alike: IconAlertTriangleFilled,
  changed: IconRefreshDot,
}

/** What a person has to know first, and no more than two of it. */
export function marksOf({ verified, hasLookAlikes, facts, isChanged, isSelf }: PersonName): readonly Mark[] {
  if (isSelf) return []
  const marks: Mark[] = []
  if (verified === 'moved') marks.push('moved')
  if (verified === 'yes') marks.push('verified')
  // Who was made sure of is who they are, whatever others call themselves.
  if (verified !== 'yes' && (hasLookAlikes || facts.length > 0)) marks.push('alike')
  if (isChanged) marks.push('changed')
  return marks.slice(0, 2)
}

export function PersonMarks({ person }: { readonly person: PersonName }): ReactNode {
  const t = useWords(words)
  return marksOf(person).map((mark) => {
    const Icon = icons[mark]
    return (
      <span key={mark} className={`${classes.mark} ${classes[mark]}`} title={t(mark)}>
        <Icon className={classes.icon ?? ''} />
        <VisuallyHidden> ({t(mark)})</VisuallyHidden>
      </span>
    )
  })
}
