/**
 * What one can do, where a note of somebody stands, about who wrote it: mute, block, report just that.
 *
 * @module
 */
import type { PersonName } from '@effigy/react'
import { Menu } from '@mantine/core'
import { IconBan, IconBellOff, IconFlag } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { shownName } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './person.module.css'
import { useTurnAway } from './turn-away.tsx'
import { words } from './words.ts'

export interface AwayItemsProps {
  readonly person: PersonName
  readonly onReport: () => void
}

/** Of a `Menu.Dropdown`, for what others wrote. */
export function AwayItems({ person, onReport }: AwayItemsProps): ReactNode {
  const t = useWords(words)
  const { mute, block } = useTurnAway(person)
  const name = shownName(person, t('somebody'))
  return (
    <>
      <Menu.Divider role="separator" />
      <Menu.Item leftSection={<IconBellOff size={18} />} onClick={() => mute(true)}>
        {t('muteName', { name })}
      </Menu.Item>
      <Menu.Item className={classes.grave ?? ''} leftSection={<IconBan size={18} />} onClick={block}>
        {t('blockName', { name })}
      </Menu.Item>
      <Menu.Item className={classes.grave ?? ''} leftSection={<IconFlag size={18} />} onClick={onReport}>
        {t('report')}…
      </Menu.Item>
    </>
  )
}
