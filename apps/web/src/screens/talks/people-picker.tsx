/**
 * Choosing people among those whom one follows, by name.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { useLive } from '@effigy/react'
import { Button, Group, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconCheck, IconSearch } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { usePerson } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { Face } from './talk-face.tsx'
import classes from './talks.module.css'
import { words } from './words.ts'

export interface PeoplePickerProps {
  readonly chosen: readonly Identity[]
  readonly onChange: (chosen: readonly Identity[]) => void
  /** Who is not offered. */
  readonly without?: ReadonlySet<Identity>
}

const maxOffered = 500

export function PeoplePicker({ chosen, onChange, without }: PeoplePickerProps): ReactNode {
  const t = useWords(words)
  const { type, value } = useLive('people.list', 'following', { limit: maxOffered })
  const [wanted, setWanted] = useState('')
  const followed = value?.items ?? []
  const offered = followed.filter((person) => without?.has(person.identity) !== true)
  if (type === 'ready' && offered.length === 0) {
    return (
      <Stack align="start" gap="sm">
        <Text>{t(followed.length === 0 ? 'nobodyFollowed' : 'nobodyElse')}</Text>
        <Button component={Link} href="/people" variant="default">
          {t('toPeople')}
        </Button>
      </Stack>
    )
  }
  const toggle = (one: Identity): void =>
    onChange(chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one])
  return (
    <Stack gap="xs">
      <TextInput
        label={t('findPeople')}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={wanted}
        onChange={({ currentTarget }) => setWanted(currentTarget.value)}
        autoComplete="off"
        type="search"
      />
      <div className={classes.people}>
        {offered.map((person) => (
          <PersonChoice
            key={person.identity}
            identity={person.identity}
            wanted={wanted}
            isChosen={chosen.includes(person.identity)}
            toggle={toggle}
          />
        ))}
      </div>
      <Text className={classes.nobody} c="var(--soft)">
        {t('nobodyFound')}
      </Text>
    </Stack>
  )
}

interface PersonChoiceProps {
  readonly identity: Identity
  readonly wanted: string
  readonly isChosen: boolean
  readonly toggle: (identity: Identity) => void
}

/** Nothing, when the name is another one. */
function PersonChoice({ identity, wanted, isChosen, toggle }: PersonChoiceProps): ReactNode {
  const { name } = usePerson(identity)
  const isMeant = name.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase())
  if (!isMeant && !isChosen) return null
  return (
    <UnstyledButton
      role="checkbox"
      aria-checked={isChosen}
      className={classes.person ?? ''}
      onClick={() => toggle(identity)}
    >
      <Face identity={identity} size={40} />
      <bdi data-others style={{ flex: 1 }}>
        {name}
      </bdi>
      <Group w={24}>{isChosen && <IconCheck size={22} aria-hidden />}</Group>
    </UnstyledButton>
  )
}
