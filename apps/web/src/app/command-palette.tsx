/**
 * Every screen by its name, from the keyboard.
 *
 * @module
 */
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { useLocation } from 'wouter'
import { useWords } from '../words/use-words.ts'
import { menu, routes } from './routes.tsx'
import { words } from './words.ts'

export function CommandPalette({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(words)
  const [, go] = useLocation()
  useEffect(() => spotlight.open(), [])
  const screens = [...routes.filter(({ place }) => place === 'main'), ...menu.flat()]
  const actions: SpotlightActionData[] = screens.map(({ path, title, icon: Icon }) => ({
    id: path,
    label: t(title),
    onClick: () => go(path),
    leftSection: <Icon size={22} stroke={1.6} />,
  }))
  return (
    <Spotlight
      actions={actions}
      shortcut={null}
      onSpotlightClose={close}
      highlightQuery
      nothingFound={t('paletteNothing')}
      searchProps={{
        leftSection: <IconSearch size={20} />,
        placeholder: t('paletteSearch'),
        'aria-label': t('palette'),
      }}
    />
  )
}
