/**
 * What one can do and every screen, by name, from the keyboard.
 *
 * @module
 */
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight'
import {
  IconKeyboard,
  IconMessagePlus,
  IconMoon,
  IconPencil,
  IconQrcode,
  IconSearch,
  IconSun,
  IconUserPlus,
  IconUserSearch,
} from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { useLocation } from 'wouter'
import { useWords } from '../../words/use-words.ts'
import { menu, routes } from '../routes.tsx'
import { words as appWords } from '../words.ts'
import { words } from './words.ts'

export interface CommandPaletteProps {
  readonly close: () => void
  readonly openKeys: () => void
}

/** Of these what one does there is said instead. */
const told: ReadonlySet<string> = new Set(['/new', '/search', '/invite'])

export function CommandPalette({ close, openKeys }: CommandPaletteProps): ReactNode {
  const t = useWords(words)
  const say = useWords(appWords)
  const [, go] = useLocation()
  const { setColorScheme } = useMantineColorScheme()
  const isDark = useComputedColorScheme() === 'dark'
  useEffect(() => spotlight.open(), [])
  const acts = [
    { id: 'write', label: t('write'), icon: IconPencil, act: () => go('/new') },
    { id: 'message', label: t('message'), icon: IconMessagePlus, act: () => go('/talks/new') },
    { id: 'search', label: t('search'), icon: IconSearch, act: () => go('/search') },
    { id: 'invite', label: say('navInvite'), icon: IconUserPlus, act: () => go('/invite') },
    { id: 'add', label: t('addPerson'), icon: IconUserSearch, act: () => go('/people?add') },
    { id: 'code', label: t('myCode'), icon: IconQrcode, act: () => go('/people?code') },
    {
      id: 'theme',
      label: t(isDark ? 'light' : 'dark'),
      icon: isDark ? IconSun : IconMoon,
      act: () => setColorScheme(isDark ? 'light' : 'dark'),
    },
    { id: 'keys', label: say('keys'), icon: IconKeyboard, act: openKeys },
  ]
  const screens = [...routes.filter(({ place }) => place === 'main'), ...menu.flat()]
  const groups: SpotlightActionGroupData[] = [
    {
      group: t('acts'),
      actions: acts.map(({ id, label, icon: Icon, act }) => ({
        id,
        label,
        onClick: act,
        leftSection: <Icon size={22} stroke={1.6} />,
      })),
    },
    {
      group: t('screens'),
      actions: screens
        .filter(({ path }) => !told.has(path))
        .map(({ path, title, icon: Icon }) => ({
          id: path,
          label: say(title),
          onClick: () => go(path),
          leftSection: <Icon size={22} stroke={1.6} />,
        })),
    },
  ]
  return (
    <Spotlight
      actions={groups}
      shortcut={null}
      onSpotlightClose={close}
      highlightQuery
      scrollable
      nothingFound={say('paletteNothing')}
      searchProps={{
        leftSection: <IconSearch size={20} />,
        placeholder: say('paletteSearch'),
        'aria-label': say('palette'),
      }}
    />
  )
}
