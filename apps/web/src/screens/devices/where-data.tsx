/**
 * Where everything is kept, and whether a loss would be one for good.
 *
 * @module
 */
import type { Identification } from '@effigy/core'
import type { DataPlace, LeaseHolderView } from '@effigy/peer'
import { useLive } from '@effigy/react'
import { Alert, Card, Group, Stack, Text, Title } from '@mantine/core'
import {
  IconCloud,
  IconDeviceDesktop,
  IconHeartHandshake,
  IconShieldCheck,
  IconShieldExclamation,
} from '@tabler/icons-react'
import { type ReactNode, useId } from 'react'
import { useOwnProfile } from '../../app/own-profile.ts'
import { PersonName } from '../../components/person-name.tsx'
import { useWords } from '../../words/use-words.ts'
import { PlacePromise } from './promise.tsx'
import { words } from './words.ts'

const icons = {
  self: IconDeviceDesktop,
  device: IconDeviceDesktop,
  friend: IconHeartHandshake,
  hub: IconCloud,
} as const

export function WhereData(): ReactNode {
  const t = useWords(words)
  const { value } = useLive('whereabouts')
  const { hubs } = useOwnProfile()
  const holders = useLive('leases.holders').value ?? []
  if (value === null) return null
  const others = holders.filter((one) => isFurther(one, value.places)).map((one) => furtherPlace(one, hubs))
  const isSafe = value.copies > 1
  return (
    <Stack component="section" aria-labelledby="where-data">
      <Title order={2} size="h3" id="where-data">
        {t('where')}
      </Title>
      <Alert
        color={isSafe ? 'gray' : 'yellow'}
        icon={isSafe ? <IconShieldCheck /> : <IconShieldExclamation />}
        title={isSafe ? t('copies', { count: value.copies }) : t('oneCopy')}
      >
        {isSafe ? null : t('oneCopyHelp')}
      </Alert>
      {[...value.places, ...others].map((place) => (
        <Place key={place.identity} place={place} />
      ))}
    </Stack>
  )
}

/** Somebody who would keep something, or was asked to: nothing is known to be there. */
function isFurther({ holder, isOffered, wanted }: LeaseHolderView, places: readonly DataPlace[]): boolean {
  if (places.some(({ identity }) => identity === holder)) return false
  return isOffered || (wanted !== null && wanted.days > 0)
}

const furtherPlace = ({ holder }: LeaseHolderView, hubs: Identification['hubs']): DataPlace => ({
  type: hubs.some(([hub]) => hub === holder) ? 'hub' : 'friend',
  identity: holder,
  label: null,
  extent: { type: 'unknown' },
  checked: false,
  lease: null,
})

function Place({ place }: { readonly place: DataPlace }): ReactNode {
  const t = useWords(words)
  const { type, label, extent, checked, identity } = place
  const name = useId()
  const Icon = icons[type]
  return (
    <Card withBorder bg="var(--card)" p="sm" role="group" aria-labelledby={name}>
      <Group wrap="nowrap" align="start">
        <Icon size={26} stroke={1.4} />
        <Stack gap="xs" miw={0} flex={1}>
          <Stack gap={0}>
            <Text fw={600} id={name}>
              {label === null ? <Nameless place={place} /> : <bdi>{label}</bdi>}
            </Text>
            <Text size="sm" c="var(--soft)">
              {t(`place_${type}`)} · {t(`extent_${extent.type}`)}
              {!checked && extent.type !== 'unknown' && ` · ${t('notChecked')}`}
            </Text>
          </Stack>
          <PlacePromise holder={identity} type={type} />
        </Stack>
      </Group>
    </Card>
  )
}

function Nameless({ place: { type, identity } }: { readonly place: DataPlace }): ReactNode {
  const t = useWords(words)
  const { hubs } = useOwnProfile()
  if (type === 'self') return t('this')
  const url = hubs.find(([hub]) => hub === identity)?.[1]
  return url === undefined ? <PersonName identity={identity} /> : <bdi>{new URL(url).host}</bdi>
}
