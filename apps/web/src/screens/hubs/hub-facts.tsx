/**
 * What a hub says of itself, before and after one joins it: who runs it, what it asks for, how long it keeps messages.
 *
 * @module
 */
import { List, Spoiler, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import type { AboutHub } from './about-hub.ts'
import { words } from './words.ts'

export function HubFacts({ about }: { readonly about: AboutHub }): ReactNode {
  const t = useWords(words)
  const { contact, terms, isOpen, dropDays } = about
  return (
    <Stack gap="xs">
      <List size="sm" spacing={4}>
        <List.Item>
          {contact === null ? (
            t('contactNone')
          ) : (
            <Rich words={words} name="contact" parts={{ who: <bdi data-others>{contact}</bdi> }} />
          )}
        </List.Item>
        <List.Item>{isOpen ? t('open') : t('invited')}</List.Item>
        <List.Item>{dropDays > 0 ? t('drops', { count: dropDays }) : t('dropsNone')}</List.Item>
      </List>
      {terms === null ? (
        <Text size="sm" c="var(--soft)">
          {t('termsNone')}
        </Text>
      ) : (
        <Spoiler maxHeight={96} showLabel={t('termsMore')} hideLabel={t('termsLess')}>
          <Text size="sm" fw={600}>
            {t('terms')}
          </Text>
          <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap' }} data-others>
            {terms}
          </Text>
        </Spoiler>
      )}
    </Stack>
  )
}
