/**
 * Where everything is kept, and whether a loss would be one for good.
 *
 * @module
 */
import type { DataPlace } from '@effigy/peer'
import { useLive } from '@effigy/react'
import { Alert, Card, Group, Stack, Text, Title } from '@mantine/core'
import {
  IconCloud,
  IconDeviceDesktop,
  IconHeartHandshake,
  IconShieldCheck,
  IconShieldExclamation,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useOwnProfile } from '../../app/own-profile.ts'
import { formatDate } from '../../components/format.ts'
import { PersonName } from '../../components/person-name.tsx'
import { useWords } from '../../words/use-words.ts'
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
  if (value === null) return null
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
      {value.places.map((place) => (
        <Place key={place.identity} place={place} />
      ))}
    </Stack>
  )
}

function Place({ place }: { readonly place: DataPlace }): ReactNode {
  const t = useWords(words)
  const { type, label, extent, checked, lease } = place
  const Icon = icons[type]
  return (
    <Card withBorder bg="var(--card)" p="sm">
      <Group wrap="nowrap">
        <Icon size={26} stroke={1.4} />
        <Stack gap={0} miw={0}>
          <Text fw={600}>{label === null ? <Nameless place={place} /> : <bdi>{label}</bdi>}</Text>
          <Text size="sm" c="var(--soft)">
            {t(`place_${type}`)} · {t(`extent_${extent.type}`)}
            {!checked && ` · ${t('notChecked')}`}
          </Text>
          {lease !== null && (
            <Text size="sm" c="var(--soft)">
              {t('promised', { until: formatDate(lease.until) })}
            </Text>
          )}
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
