/**
 * The composer of a screen that has more to show: what writes is loaded when the screen is shown, or when it is touched.
 *
 *     a place that looks like it ─screen is shown, or touched▶ composer
 *
 * @module
 */
import { UnstyledButton } from '@mantine/core'
import { type ReactNode, Suspense, useCallback, useState } from 'react'
import { late } from '../../app/late.tsx'
import { useIdle } from '../../app/standing.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './composer-later.module.css'
import { words } from './words.ts'

const Composer = late(async () => (await import('./composer.tsx')).Composer)

export interface ComposerLaterProps {
  /** What the screen is for is shown. */
  readonly isShown: boolean
}

export function ComposerLater({ isShown }: ComposerLaterProps): ReactNode {
  const isIdle = useIdle(isShown)
  const [isTouched, setTouched] = useState(false)
  const place = <Place onTouch={() => setTouched(true)} />
  if (!isIdle && !isTouched) return place
  return (
    <Suspense fallback={place}>
      <Arrived isTouched={isTouched} />
    </Suspense>
  )
}

/** Whoever touched it goes on writing there. */
function Arrived({ isTouched }: { readonly isTouched: boolean }): ReactNode {
  const enter = useCallback(
    (frame: HTMLDivElement | null) => {
      if (isTouched) frame?.querySelector('textarea')?.focus()
    },
    [isTouched],
  )
  return (
    <div ref={enter}>
      <Composer />
    </div>
  )
}

function Place({ onTouch }: { readonly onTouch: () => void }): ReactNode {
  const t = useWords(words)
  return (
    <UnstyledButton className={classes.place ?? ''} onClick={onTouch}>
      <span className={classes.words}>{t('placeholder')}</span>
    </UnstyledButton>
  )
}
