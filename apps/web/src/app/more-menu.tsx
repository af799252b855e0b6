/**
 * The screens that have no place in the bar of a phone.
 *
 * @module
 */
import { Drawer, Stack } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../words/use-words.ts'
import { NavEntry } from './nav-entry.tsx'
import type { ScreenRoute } from './routes.tsx'
import { words } from './words.ts'

export interface MoreMenuProps {
  readonly routes: readonly ScreenRoute[]
  /** It is out of sight. */
  readonly close: () => void
}

export function MoreMenu({ routes, close }: MoreMenuProps): ReactNode {
  const t = useWords(words)
  const [isOpen, setOpen] = useState(false)
  // From below, as it goes.
  useEffect(() => setOpen(true), [])
  return (
    <Drawer
      opened={isOpen}
      onClose={() => setOpen(false)}
      onExitTransitionEnd={close}
      position="bottom"
      title={t('more')}
    >
      <Stack gap={2} onClick={() => setOpen(false)}>
        {routes.map((route) => (
          <NavEntry key={route.path} route={route} />
        ))}
      </Stack>
    </Drawer>
  )
}
