/**
 * Which language the app speaks here, each by its own name.
 *
 * @module
 */
import { type MantineSize, NativeSelect } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { chooseLanguage, chosenLanguage, type Language, languages } from '../words/language.ts'
import { useWords } from '../words/use-words.ts'
import { useFail } from './fault.tsx'
import { words } from './words.ts'

export function LanguageSelect({ size }: { readonly size: MantineSize }): ReactNode {
  const t = useWords(words)
  const fail = useFail()
  const [chosen, setChosen] = useState(chosenLanguage())
  const options = Object.entries(languages).map(([value, { name }]) => ({ value, label: name }))
  return (
    <NativeSelect
      size={size}
      aria-label={t('language')}
      // Known to whoever reads none of the words.
      leftSection={<IconLanguage size={18} stroke={1.6} aria-hidden />}
      value={chosen ?? ''}
      data={[{ value: '', label: t('languageAuto') }, ...options]}
      onChange={({ currentTarget }) => {
        const next = currentTarget.value === '' ? null : (currentTarget.value as Language)
        setChosen(next)
        chooseLanguage(next).catch(fail)
      }}
    />
  )
}
