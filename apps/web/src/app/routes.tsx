/**
 * Every screen: where it is, what it is called, where it stands. One line each, sorted by path; loaded when it is shown.
 *
 * @module
 */
import {
  IconAffiliate,
  IconBell,
  IconDatabase,
  IconDevices,
  IconHash,
  IconHome,
  IconMessages,
  IconMicroscope,
  IconPencil,
  IconPhoto,
  IconSearch,
  IconServer2,
  IconSettings,
  IconUserCircle,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { HomeBadge } from '../screens/home/home-badge.tsx'
import { NewsBadge } from '../screens/news/news-badge.tsx'
import { PeopleBadge } from '../screens/people/people-badge.tsx'
import { TalksBadge } from '../screens/talks/talks-badge.tsx'
import type { KeyOf } from '../words/define.ts'
import { type Late, late } from './late.tsx'
import { Home } from './parts.ts'
import type { words } from './words.ts'

type ScreenModule = { readonly Screen: ComponentType }

export interface ScreenRoute {
  /** As wouter reads it: `/p/:identity`. */
  readonly path: string
  readonly screen: Late<object>
  readonly title: KeyOf<(typeof words)['english']>
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>
  /** `main`: always in view, on a phone as well; null: in the menu, or other screens lead there. */
  readonly place: 'main' | null
  /** Most go there next, as to those always in view: it is loaded once the first screen stands. */
  readonly isNear?: boolean
  /** What it has to tell, as a number or a dot on its name. */
  readonly badge?: ComponentType
}

/** Reads a screen when it is shown for the first time. */
function later(load: () => Promise<ScreenModule>): Late<object> {
  return late(async () => (await load()).Screen)
}

export const routes: readonly ScreenRoute[] = [
  {
    path: '/',
    screen: Home,
    title: 'navHome',
    icon: IconHome,
    place: 'main',
    badge: HomeBadge,
  },
  {
    path: '/account',
    screen: later(() => import('../screens/account/account-screen.tsx')),
    title: 'navAccount',
    icon: IconUserCircle,
    place: null,
  },
  {
    path: '/albums',
    screen: later(() => import('../screens/albums/albums-screen.tsx')),
    title: 'navAlbums',
    icon: IconPhoto,
    place: null,
  },
  {
    path: '/albums/:identity/:content',
    screen: later(() => import('../screens/albums/album-screen.tsx')),
    title: 'navAlbums',
    icon: IconPhoto,
    place: null,
  },
  {
    path: '/albums/new',
    screen: later(() => import('../screens/albums/new-album-screen.tsx')),
    title: 'navAlbums',
    icon: IconPhoto,
    place: null,
  },
  {
    path: '/bring',
    screen: later(() => import('../screens/bring/bring-screen.tsx')),
    title: 'navBring',
    icon: IconUserCircle,
    place: null,
  },
  {
    path: '/devices',
    screen: later(() => import('../screens/devices/devices-screen.tsx')),
    title: 'navDevices',
    icon: IconDevices,
    place: null,
  },
  {
    path: '/hubs',
    screen: later(() => import('../screens/hubs/hubs-screen.tsx')),
    title: 'navHubs',
    icon: IconServer2,
    place: null,
  },
  {
    path: '/inspector',
    screen: later(() => import('../screens/inspector/inspector-screen.tsx')),
    title: 'navInspector',
    icon: IconMicroscope,
    place: null,
  },
  {
    path: '/invite',
    screen: later(() => import('../screens/invite/invite-screen.tsx')),
    title: 'navInvite',
    icon: IconUserPlus,
    place: null,
  },
  {
    path: '/n/:identity/:content',
    screen: later(() => import('../screens/thread/thread-screen.tsx')),
    title: 'navConversation',
    icon: IconMessages,
    place: null,
    isNear: true,
  },
  {
    path: '/look-around/*?',
    screen: later(() => import('../screens/look-around/look-around-screen.tsx')),
    title: 'navLookAround',
    icon: IconUsers,
    place: null,
  },
  {
    path: '/network',
    screen: later(() => import('../screens/network/network-screen.tsx')),
    title: 'navNetwork',
    icon: IconAffiliate,
    place: null,
  },
  {
    path: '/new',
    screen: later(() => import('../screens/new/new-screen.tsx')),
    title: 'navNew',
    icon: IconPencil,
    place: null,
  },
  {
    path: '/news',
    screen: later(() => import('../screens/news/news-screen.tsx')),
    title: 'navNews',
    icon: IconBell,
    place: 'main',
    badge: NewsBadge,
  },
  {
    path: '/p/:identity',
    screen: later(() => import('../screens/person/person-screen.tsx')),
    title: 'navPeople',
    icon: IconUsers,
    place: null,
    isNear: true,
  },
  {
    path: '/p/:identity/verify',
    screen: later(() => import('../screens/verify/verify-screen.tsx')),
    title: 'navPeople',
    icon: IconUsers,
    place: null,
  },
  {
    path: '/people',
    screen: later(() => import('../screens/people/people-screen.tsx')),
    title: 'navPeople',
    icon: IconUsers,
    place: 'main',
    badge: PeopleBadge,
  },
  {
    path: '/search',
    screen: later(() => import('../screens/search/search-screen.tsx')),
    title: 'navSearch',
    icon: IconSearch,
    place: null,
  },
  {
    path: '/settings',
    screen: later(() => import('../screens/settings/settings-screen.tsx')),
    title: 'navSettings',
    icon: IconSettings,
    place: null,
  },
  {
    path: '/storage',
    screen: later(() => import('../screens/storage/storage-screen.tsx')),
    title: 'navStorage',
    icon: IconDatabase,
    place: null,
  },
  {
    path: '/tag/:label',
    screen: later(() => import('../screens/tag/tag-screen.tsx')),
    title: 'navTag',
    icon: IconHash,
    place: null,
  },
  {
    path: '/talks',
    screen: later(() => import('../screens/talks/talks-screen.tsx')),
    title: 'navTalks',
    icon: IconMessages,
    place: 'main',
    badge: TalksBadge,
  },
  {
    path: '/talks/in/:name',
    screen: later(() => import('../screens/talks/talk-screen.tsx')),
    title: 'navTalks',
    icon: IconMessages,
    place: null,
  },
  {
    path: '/talks/in/:name/about',
    screen: later(() => import('../screens/talks/about-screen.tsx')),
    title: 'navTalks',
    icon: IconMessages,
    place: null,
  },
  {
    path: '/talks/new',
    screen: later(() => import('../screens/talks/new-talk-screen.tsx')),
    title: 'navTalks',
    icon: IconMessages,
    place: null,
  },
  {
    path: '/talks/requests',
    screen: later(() => import('../screens/talks/requests-screen.tsx')),
    title: 'navTalks',
    icon: IconMessages,
    place: null,
  },
  {
    path: '/talks/to/:people',
    screen: later(() => import('../screens/talks/talk-screen.tsx')),
    title: 'navTalks',
    icon: IconMessages,
    place: null,
    isNear: true,
  },
]

/** In the menu, by how often they are wanted: what one does, what is one's own, how it gets through, what few look for. */
export const menu: readonly (readonly ScreenRoute[])[] = [
  ['/new', '/search', '/albums', '/invite'],
  ['/devices', '/account', '/settings'],
  ['/network', '/hubs', '/storage'],
  ['/inspector'],
].map((paths) => paths.flatMap((path) => routes.find((route) => route.path === path) ?? []))
