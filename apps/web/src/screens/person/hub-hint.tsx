/**
 * That somebody whom one follows is at other hubs than oneself, and the way to theirs. Nothing goes there by itself: it would
 * tell that hub where one is and whom one reads.
 *
 * @module
 */
import type { PersonView } from '@effigy/react'
import { Alert, Button, Stack } from '@mantine/core'
import { IconServer2 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useOwnProfile } from '../../app/own-profile.ts'
import { shownName } from '../../components/use-person.ts'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import { hostOf } from '../hubs/about-hub.ts'
import { hubToOffer, wantHub } from '../hubs/wanted-hub.ts'
import { words } from './words.ts'

export function HubHint({ person }: { readonly person: PersonView }): ReactNode {
  const t = useWords(words)
  const [, go] = useLocation()
  const own = useOwnProfile()
  const hub = person.isFollowed && !person.isSelf ? hubToOffer(person.hubs, own.hubs) : null
  if (hub === null) return null
  const use = (): void => {
    wantHub(hub)
    go('/hubs')
  }
  return (
    <Alert color="gray" icon={<IconServer2 />} role="note">
      <Stack gap="sm" align="start">
        <div>
          <Rich
            words={words}
            name="elsewhere"
            parts={{
              name: <bdi data-others>{shownName(person, t('somebody'))}</bdi>,
              host: <bdi data-others>{hostOf(hub[1])}</bdi>,
            }}
          />
        </div>
        <Button size="sm" variant="default" onClick={use}>
          {t('elsewhereUse')}
        </Button>
      </Stack>
    </Alert>
  )
}
