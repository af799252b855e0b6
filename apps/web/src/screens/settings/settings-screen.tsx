/**
 * How the app looks and speaks on this device, and whether it may tell of news by itself.
 *
 * @module
 */
import {
  Button,
  Group,
  NativeSelect,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  Title,
  useMantineColorScheme,
} from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { chooseAltReminder, wantsAltReminder } from '../../app/alt-reminder.ts'
import { newsOutside, setNewsOutside } from '../../app/news-outside/wants-news.ts'
import { chooseTextSize, chosenTextSize, type TextSize, textSizes } from '../../app/text-size.ts'
import { useFail } from '../../components/fault.tsx'
import { formatPercent } from '../../components/format.ts'
import { LanguageSelect } from '../../components/language-select.tsx'
import { Section } from '../../components/section.tsx'
import { useWords } from '../../words/use-words.ts'
import { words as lockWords } from '../lock/words.ts'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  return (
    <Stack>
      <Stack gap={2}>
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        <Text c="var(--soft)">{t('intro')}</Text>
      </Stack>
      <LanguageChoice />
      <Look />
      <Writing />
      <Lock />
      <News />
    </Stack>
  )
}

function LanguageChoice(): ReactNode {
  const t = useWords(words)
  return (
    <Section title={t('language')}>
      <LanguageSelect size="md" />
    </Section>
  )
}

function Look(): ReactNode {
  const t = useWords(words)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [size, setSize] = useState(chosenTextSize())
  return (
    <Section title={t('look')}>
      <Stack gap={4}>
        <Text component="span" id="settings-theme">
          {t('theme')}
        </Text>
        <SegmentedControl
          fullWidth
          size="md"
          aria-labelledby="settings-theme"
          value={colorScheme}
          onChange={(next) => setColorScheme(next as 'light' | 'dark' | 'auto')}
          data={[
            { value: 'auto', label: t('themeAuto') },
            { value: 'light', label: t('themeLight') },
            { value: 'dark', label: t('themeDark') },
          ]}
        />
      </Stack>
      <Stack gap={4}>
        <Text component="span" id="settings-size">
          {t('textSize')}
        </Text>
        <NativeSelect
          size="md"
          aria-labelledby="settings-size"
          value={String(size)}
          onChange={({ currentTarget }) => {
            const chosen = Number(currentTarget.value) as TextSize
            chooseTextSize(chosen)
            setSize(chosen)
          }}
          data={textSizes.map((one) => ({ value: String(one), label: formatPercent(one / 100) }))}
        />
      </Stack>
    </Section>
  )
}

function Writing(): ReactNode {
  const t = useWords(words)
  const [isOn, setOn] = useState(wantsAltReminder)
  return (
    <Section title={t('writing')}>
      <Switch
        size="md"
        label={t('altReminder')}
        description={t('altReminderHelp')}
        checked={isOn}
        onChange={({ currentTarget }) => {
          chooseAltReminder(currentTarget.checked)
          setOn(currentTarget.checked)
        }}
      />
    </Section>
  )
}

function Lock(): ReactNode {
  const t = useWords(lockWords)
  return (
    <Section title={t('title')} text={t('settings')}>
      <Group>
        <Button component={Link} href="/devices" variant="default">
          {t('toLock')}
        </Button>
      </Group>
    </Section>
  )
}

function News(): ReactNode {
  const t = useWords(words)
  const fail = useFail()
  const [state, setState] = useState(newsOutside)
  const reason = state === 'refused' ? t('newsRefused') : state === 'impossible' ? t('newsImpossible') : null
  return (
    <Section title={t('news')}>
      <Switch
        size="md"
        label={t('newsOutside')}
        description={reason ?? t('newsOutsideHelp')}
        checked={state === 'on'}
        disabled={reason !== null}
        onChange={({ currentTarget }) => {
          setNewsOutside(currentTarget.checked).then(setState, fail)
        }}
      />
    </Section>
  )
}
