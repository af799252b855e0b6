/**
 * Where the newest of what one wrote is: each with a tick for each place that said that it has it, and never before.
 *
 * @module
 */
import type { DeliveryView } from '@effigy/peer'
import { useLive } from '@effigy/react'
import { Group, Stack, Text } from '@mantine/core'
import { IconCheck, IconClock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { oneLine } from '../../components/note/one-line.ts'
import { PersonName } from '../../components/person-name.tsx'
import { Section } from '../../components/section.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { useWords } from '../../words/use-words.ts'
import { HubName } from './link-list.tsx'
import classes from './network.module.css'
import { words } from './words.ts'

const shown = 5

/** Looked through for these: stances and settings are nothing that a person waits for. */
const lookedAt = 40

type Entry = DeliveryView['entries'][number]

export function Delivery(): ReactNode {
  const t = useWords(words)
  const { value } = useLive('delivery', lookedAt)
  if (value === null) return null
  const entries = value.entries.filter((entry) => excerptOf(entry) !== null).slice(0, shown)
  if (entries.length === 0) return null
  const places = value.places.filter(({ state }) => state !== 'unwanted')
  return (
    <Section title={t('deliveryTitle')} text={places.length === 0 ? t('deliveryNowhere') : t('deliveryText')}>
      <ul className={classes.list}>
        {entries.map((entry) => (
          <li key={entry.item.cid} className={classes.row}>
            <Stack gap={4} miw={0} style={{ flexGrow: 1 }}>
              <Text lineClamp={1} dir="auto" data-others>
                {excerptOf(entry)}
              </Text>
              <Text size="sm" c="var(--soft)">
                <TimeAgo at={entry.item.sort} />
              </Text>
              <Group gap="md">
                {places.map(({ identity, kind }) => {
                  const isThere = entry.at.includes(identity)
                  return (
                    <Group key={identity} gap={4} wrap="nowrap">
                      {isThere ? (
                        <IconCheck size={18} aria-label={t('there')} />
                      ) : (
                        <IconClock size={18} aria-label={t('waiting')} />
                      )}
                      <Text size="sm" component="span" {...(isThere ? {} : { c: 'var(--soft)' })}>
                        {kind === 'hub' ? (
                          <HubName identity={identity} />
                        ) : (
                          <PersonName identity={identity} plain />
                        )}
                      </Text>
                    </Group>
                  )
                })}
                {places.length === 0 && (
                  <Group gap={4} wrap="nowrap">
                    <IconClock size={18} aria-hidden="true" />
                    <Text size="sm">{t('onlyHere')}</Text>
                  </Group>
                )}
              </Group>
            </Stack>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** What one recognises it by; null: no word or picture of one's own. */
function excerptOf({ item: { state } }: Entry): string | null {
  if (state.type !== 'shown') return null
  const { payload } = state
  return oneLine(payload) || ('name' in payload && payload.type === 'collection' && payload.name) || null
}
