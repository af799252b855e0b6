/**
 * The names of screens that lead there, as they stand in a list.
 *
 * @module
 */
import { Stack, UnstyledButton } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useWords } from '../words/use-words.ts'
import type { ScreenRoute } from './routes.tsx'
import classes from './shell.module.css'
import { words } from './words.ts'

export function useIsHere(path: string): boolean {
  const [location] = useLocation()
  return path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`)
}

function NavEntry({ route }: { readonly route: ScreenRoute }): ReactNode {
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

export interface NavGroupsProps {
  readonly groups: readonly (readonly ScreenRoute[])[]
  readonly onGo?: () => void
}

export function NavGroups({ groups, onGo }: NavGroupsProps): ReactNode {
  return (
    <Stack gap={2} onClick={onGo}>
      {groups.map((group, at) => (
        <Fragment key={group[0]?.path}>
          {at > 0 && <hr className={classes.between} />}
          {group.map((route) => (
            <NavEntry key={route.path} route={route} />
          ))}
        </Fragment>
      ))}
    </Stack>
  )
}
