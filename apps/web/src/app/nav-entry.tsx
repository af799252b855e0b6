/**
 * The name of a screen that leads there, as it stands in a list.
 *
 * @module
 */
import { UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useWords } from '../words/use-words.ts'
import type { ScreenRoute } from './routes.tsx'
import classes from './shell.module.css'
import { words } from './words.ts'

export function useIsHere(path: string): boolean {
  const [location] = useLocation()
  return path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`)
}

export function NavEntry({ route }: { readonly route: ScreenRoute }): ReactNode {
  const t = useWords(words)
  const isHere = useIsHere(route.path)
  const { icon: Icon, badge: Badge } = route
  return (
    <UnstyledButton
      component={Link}
      href={route.path}
      aria-current={isHere ? 'page' : undefined}
      className={classes.link ?? ''}
    >
      <Icon size={22} stroke={1.6} />
      <span className={classes.linkName}>{t(route.title)}</span>
      {Badge === undefined ? null : <Badge />}
    </UnstyledButton>
  )
}
