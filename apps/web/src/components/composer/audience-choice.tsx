/**
 * Who can read it: said in a word, a picture and a colour, and changed there.
 *
 * @module
 */
import { type Identity, parseIdentity } from '@effigy/core'
import { useLive, usePeople } from '@effigy/react'
import { Badge, Button, Menu, MultiSelect, Stack, Text, VisuallyHidden } from '@mantine/core'
import { IconLock, IconUsers, IconUsersGroup, IconWorld } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import { useOwnGroups } from '../use-own-groups.ts'
import { type Audience, everybody, maxReaders } from './audience.ts'
import { words } from './words.ts'

export interface AudienceChoiceProps {
  readonly audience: Audience
  readonly onChange: (audience: Audience) => void
}

const looks = {
  all: { icon: IconWorld, color: 'clay' },
  readers: { icon: IconLock, color: 'grape' },
  people: { icon: IconUsers, color: 'grape' },
  group: { icon: IconUsersGroup, color: 'grape' },
} as const

export function AudienceChoice({ audience, onChange }: AudienceChoiceProps): ReactNode {
  const t = useWords(words)
  const isPrivate = useLive('privateFeed.status').value?.isPrivate === true
  const groups = useOwnGroups()
  const all = isPrivate ? 'readers' : 'all'
  const { icon: Icon, color } = looks[audience.type === 'all' ? all : audience.type]
  const group = audience.type === 'group' ? groups.find(({ id }) => id === audience.id) : undefined
  const name =
    audience.type === 'all' ? t(all) : audience.type === 'people' ? t('some') : (group?.name ?? t('group'))
  return (
    <Menu position="bottom-start" withinPortal shadow="md">
      <Menu.Target>
        <Button
          size="compact-md"
          variant="light"
          color={color}
          leftSection={<Icon size={18} />}
          aria-label={t('whoReads', { who: name })}
        >
          <bdi>{name}</bdi>
        </Button>
      </Menu.Target>
      <Menu.Dropdown maw={360}>
        <Choice
          icon={looks[all].icon}
          title={t(all)}
          text={t(`${all}Help`)}
          choose={() => onChange(everybody)}
        />
        <Choice
          icon={IconUsers}
          title={t('some')}
          text={t('someHelp')}
          choose={() => onChange({ type: 'people', to: audience.type === 'people' ? audience.to : [] })}
        />
        {groups.map(({ id, name: title, members }) => (
          <Choice
            key={id}
            icon={IconUsersGroup}
            title={title}
            isOthers
            text={t('groupHelp', { count: members.length })}
            choose={() => onChange({ type: 'group', id })}
          />
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

export interface AudienceChipProps {
  /** It is for those who could read what it answers, or what stood there. */
  readonly isForSome: boolean
}

/** Said of what has its readers already: nothing is to be chosen. */
export function AudienceChip({ isForSome }: AudienceChipProps): ReactNode {
  const t = useWords(words)
  const isPrivate = useLive('privateFeed.status').value?.isPrivate === true
  const all = isPrivate ? 'readers' : 'all'
  const { icon: Icon, color } = looks[isForSome ? 'people' : all]
  const who = t(isForSome ? 'same' : all)
  return (
    <Badge size="lg" variant="light" color={color} tt="none" fw={600} leftSection={<Icon size={16} />}>
      <VisuallyHidden>{t('whoReads', { who })}</VisuallyHidden>
      <span aria-hidden>{who}</span>
    </Badge>
  )
}

interface ChoiceProps {
  readonly icon: typeof IconWorld
  readonly title: string
  readonly text: string
  readonly isOthers?: boolean
  readonly choose: () => void
}

function Choice({ icon: Icon, title, text, isOthers = false, choose }: ChoiceProps): ReactNode {
  return (
    <Menu.Item leftSection={<Icon size={22} stroke={1.6} />} onClick={choose}>
      <Text fw={600} size="sm" {...(isOthers ? { 'data-others': true } : {})}>
        <bdi>{title}</bdi>
      </Text>
      <Text size="xs" c="var(--soft)">
        {text}
      </Text>
    </Menu.Item>
  )
}

interface ReadersProps {
  readonly to: readonly Identity[]
  readonly onChange: (to: readonly Identity[]) => void
}

/** These people and nobody else. */
export function Readers({ to, onChange }: ReadersProps): ReactNode {
  const t = useWords(words)
  const people = usePeople('near', { pageSize: 200 }).items.filter(({ isSelf }) => !isSelf)
  const data = people.map(({ identity, petname, name }) => ({
    value: identity as string,
    label: petname ?? (name.trim() === '' ? identity.slice(-8) : name),
  }))
  const unknown = to.filter((identity) => !people.some((person) => person.identity === identity))
  return (
    <Stack gap={4}>
      <MultiSelect
        aria-label={t('readersLabel')}
        placeholder={to.length === 0 ? t('readersPlaceholder') : ''}
        data={[
          ...data,
          ...unknown.map((identity) => ({ value: identity as string, label: identity.slice(-8) })),
        ]}
        value={[...to]}
        onChange={(values) => onChange(values.flatMap((value) => parseIdentity(value) ?? []))}
        searchable
        hidePickedOptions
        maxValues={maxReaders}
        nothingFoundMessage={t('nobodyFound')}
        comboboxProps={{ withinPortal: true }}
        data-others
      />
      <Text size="xs" c="var(--soft)">
        {to.length === 0 ? t('onlyYou') : t('readersOnly')}
      </Text>
    </Stack>
  )
}
