/**
 * Everybody who is connected, with how, for how long, and why it is not better.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { Badge, Stack, Text } from '@mantine/core'
import { IconServer2 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useOwnProfile } from '../../app/own-profile.ts'
import { Avatar } from '../../components/avatar.tsx'
import { PersonName } from '../../components/person-name.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { usePerson } from '../../components/use-person.ts'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import { hostOf, useAbout } from '../hubs/about-hub.ts'
import type { Link } from './links.ts'
import classes from './network.module.css'
import { words } from './words.ts'

export function LinkList({ links }: { readonly links: readonly Link[] }): ReactNode {
  return (
    <ul className={classes.list}>
      {links.map((link) => (
        <li key={link.identity} className={classes.row}>
          <One link={link} />
        </li>
      ))}
    </ul>
  )
}

function One({ link }: { readonly link: Link }): ReactNode {
  const t = useWords(words)
  const { identity, kind, way, since, why } = link
  const person = usePerson(identity)
  const better = why === null ? null : whyOf(why)
  return (
    <>
      {kind === 'hub' ? (
        <IconServer2 size={28} stroke={1.5} aria-hidden="true" />
      ) : (
        <Avatar {...person} size={40} />
      )}
      <Stack gap={0} miw={0} style={{ flexGrow: 1 }}>
        <Text fw={600} component="span">
          {kind === 'hub' ? <HubName identity={identity} /> : <PersonName identity={identity} />}
        </Text>
        <Text size="sm" c="var(--soft)">
          <Rich words={words} name="since" parts={{ when: <TimeAgo at={since} /> }} />
          {better !== null && ` ${t(better)}`}
        </Text>
      </Stack>
      <Badge
        variant="light"
        c="var(--mantine-color-text)"
        tt="none"
        size="lg"
        color={way === 'near' ? 'teal' : way === 'hub' ? 'clay' : 'blue'}
        style={{ flexShrink: 0 }}
      >
        {t(way)}
      </Badge>
    </>
  )
}

/** What it calls itself, else where it is. */
export function HubName({ identity }: { readonly identity: Identity }): ReactNode {
  const t = useWords(words)
  const { hubs } = useOwnProfile()
  const about = useAbout(identity, true)
  const url = hubs.find(([one]) => one === identity)?.[1]
  const host = url === undefined ? t('aHub') : hostOf(url)
  return <bdi data-others>{about === null || about.name.trim() === '' ? host : about.name}</bdi>
}

/** Of the peer's reasons, those that a person can do something with, or would ask about. */
function whyOf(why: string): 'whyHidden' | 'whyNetworks' | 'whyTrying' | null {
  switch (why) {
    case 'hidden':
    case 'no-turn':
      return 'whyHidden'
    case 'connecting':
    case 'interrupted':
    case 'lost':
      return 'whyTrying'
    case 'no-way-through':
    case 'only-relayed':
      return 'whyNetworks'
    default:
      return null
  }
}
