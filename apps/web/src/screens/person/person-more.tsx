/**
 * What few people look for: addresses, hubs, devices. Folded away.
 *
 * @module
 */
import { type PersonView, useLive } from '@effigy/react'
import { Badge, Group, List, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatDateTime } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './person.module.css'
import { words } from './words.ts'

export function PersonMore({ person }: { readonly person: PersonView }): ReactNode {
  const t = useWords(words)
  const account = useLive('account.of', person.identity).value
  const devices = account?.devices ?? []
  const { aliases, hubs, verified, verifiedAt } = person
  if (aliases.length + hubs.length + devices.length === 0 && verified !== 'yes') return null
  return (
    <details className={classes.details}>
      <summary>{t('more')}</summary>
      <Stack gap="sm">
        {verified === 'yes' && verifiedAt !== null && (
          <Text size="sm">{t('verifiedAt', { date: formatDateTime(verifiedAt) })}</Text>
        )}
        {aliases.length > 0 && (
          <Fact title={t('aliases')}>
            {aliases.map((alias) => (
              <List.Item key={alias}>
                <bdi data-others>{alias}</bdi>
              </List.Item>
            ))}
          </Fact>
        )}
        {hubs.length > 0 && (
          <Fact title={t('hubs')}>
            {hubs.map(([hub, url]) => (
              <List.Item key={hub}>
                <bdi data-others>{URL.parse(url)?.host ?? url}</bdi>
              </List.Item>
            ))}
          </Fact>
        )}
        {devices.length > 0 && (
          <Fact title={t('devices')}>
            {devices.map(({ identity, label, isNew }) => (
              <List.Item key={identity}>
                <Group gap="xs">
                  <bdi data-others>{label === '' ? t('device') : label}</bdi>
                  {isNew && <Badge variant="light">{t('deviceNew')}</Badge>}
                </Group>
              </List.Item>
            ))}
          </Fact>
        )}
      </Stack>
    </details>
  )
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <Text size="sm" c="var(--soft)">
        {title}
      </Text>
      <List listStyleType="none" size="sm">
        {children}
      </List>
    </div>
  )
}
