/**
 * The way back, where another screen led here: an installed app has no other.
 *
 * @module
 */
import { ActionIcon } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { words as appWords } from '../app/words.ts'
import { useWords } from '../words/use-words.ts'
import classes from './screen-head.module.css'

export function BackButton(): ReactNode {
  const t = useWords(appWords)
  const [, go] = useLocation()
  return (
    <ActionIcon
      aria-label={t('back')}
      // Who came by a link from elsewhere has nothing of the app to go back to.
      onClick={() => (history.length > 1 ? history.back() : go('/'))}
    >
      <IconArrowLeft className={classes.arrow} size={22} stroke={1.6} />
    </ActionIcon>
  )
}
