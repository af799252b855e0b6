/**
 * The screens that have no place in the bar of a phone.
 *
 * @module
 */
import { Drawer } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../words/use-words.ts'
import { NavGroups } from './nav-entry.tsx'
import { menu } from './routes.tsx'
import { words } from './words.ts'

export interface MoreMenuProps {
  /** It is out of sight. */
  readonly close: () => void
}

export function MoreMenu({ close }: MoreMenuProps): ReactNode {
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
      <NavGroups groups={menu} onGo={() => setOpen(false)} />
    </Drawer>
  )
}
