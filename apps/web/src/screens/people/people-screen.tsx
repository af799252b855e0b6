/**
 * People: whom one follows, who follows, whom one hides; finding somebody, and being found.
 *
 * @module
 */
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, SegmentedControl, Stack, TextInput, Title } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import {
  IconEyeOff,
  IconHeartHandshake,
  IconQrcode,
  IconRefreshDot,
  IconSearch,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { words as appWords } from '../../app/words.ts'
import { Empty } from '../../components/empty.tsx'
import { formatNumber } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import { AddPerson } from './add-person.tsx'
import { MyCode } from './my-code.tsx'
import classes from './people.module.css'
import { PeopleList } from './people-list.tsx'
import { PersonRow } from './person-row.tsx'
import { words } from './words.ts'

type Shown = 'following' | 'followers' | 'hidden'

/** ms after the last letter. */
const searchMs = 200

export function Screen(): ReactNode {
  const t = useWords(words)
  const say = useWords(appWords)
  const [shown, setShown] = useState<Shown>('following')
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), searchMs)
  const [isAdding, adding] = useDisclosure(false)
  const [isShowing, showing] = useDisclosure(false)
  // The address asks for one of them, once.
  const asked = useSearch()
  const [, go] = useLocation()
  useEffect(() => {
    if (asked !== 'code' && asked !== 'add') return
    go('/people', { replace: true })
    if (asked === 'code') showing.open()
    else adding.open()
  }, [asked, go, showing.open, adding.open])
  const following = useCount('following')
  const followers = useCount('followers')
  const hidden = useCount('blocked') + useCount('muted')
  const label = (name: string, count: number): string =>
    count === 0 ? name : `${name} (${formatNumber(count)})`
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1}>{t('title')}</Title>
        <Group gap="xs">
          <Button variant="default" leftSection={<IconQrcode size={20} />} onClick={showing.open}>
            {t('myCode')}
          </Button>
          <Button leftSection={<IconUserPlus size={20} />} onClick={adding.open}>
            {t('add')}
          </Button>
        </Group>
      </Group>
      <Own />
      <Attention />
      <TextInput
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<IconSearch size={20} />}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <SegmentedControl
        fullWidth
        aria-label={t('which')}
        value={shown}
        onChange={(value) => setShown(value as Shown)}
        data={[
          { value: 'following', label: label(t('following'), following) },
          { value: 'followers', label: label(t('followers'), followers) },
          { value: 'hidden', label: label(t('hidden'), hidden) },
        ]}
      />
      {shown === 'following' && (
        <PeopleList
          which="following"
          search={search}
          label={t('following')}
          empty={
            <Empty icon={IconUsers} title={t('emptyFollowingTitle')} text={t('emptyFollowing')}>
              <Group justify="center" gap="xs">
                <Button leftSection={<IconUserPlus size={20} />} onClick={adding.open}>
                  {t('add')}
                </Button>
                <Button component={Link} href="/look-around" variant="default">
                  {say('navLookAround')}
                </Button>
              </Group>
            </Empty>
          }
        />
      )}
      {shown === 'followers' && (
        <PeopleList
          which="followers"
          search={search}
          label={t('followers')}
          empty={
            <Empty icon={IconHeartHandshake} title={t('emptyFollowersTitle')} text={t('emptyFollowers')}>
              <Button leftSection={<IconQrcode size={20} />} onClick={showing.open}>
                {t('myCode')}
              </Button>
            </Empty>
          }
        />
      )}
      {shown === 'hidden' && hidden === 0 && (
        <Empty icon={IconEyeOff} title={t('emptyHiddenTitle')} text={t('emptyHidden')}>
          <Button variant="default" onClick={() => setShown('following')}>
            {t('seeFollowing')}
          </Button>
        </Empty>
      )}
      {shown === 'hidden' &&
        (['blocked', 'muted'] as const).map((which) => (
          <HiddenPeople key={which} which={which} search={search} />
        ))}
      {isAdding && <AddPerson close={adding.close} />}
      {isShowing && <MyCode close={showing.close} />}
    </Stack>
  )
}

function useCount(which: 'following' | 'followers' | 'blocked' | 'muted' | 'changed'): number {
  return useLive('people.list', which, { limit: 1 }).value?.count ?? 0
}

function HiddenPeople({
  which,
  search,
}: {
  readonly which: 'blocked' | 'muted'
  readonly search: string
}): ReactNode {
  const t = useWords(words)
  const count = useCount(which)
  if (count === 0) return null
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {t(which)}
      </Title>
      <PeopleList which={which} search={search} label={t(which)} empty={null} />
    </Stack>
  )
}

/** The way to one's own page. */
function Own(): ReactNode {
  const t = useWords(words)
  const { identity } = usePeer()
  const person = useLive('people.name', identity).value
  return person === null ? null : (
    <div className={classes.rows}>
      <PersonRow person={person} note={t('myPage')} />
    </div>
  )
}

/** Who is not as they were: said once, above all else. */
function Attention(): ReactNode {
  const t = useWords(words)
  const count = useCount('changed')
  const [isOpen, open] = useDisclosure(false)
  if (count === 0) return null
  return (
    <Alert color="grape" icon={<IconRefreshDot />} title={t('attention', { count })}>
      <Stack gap="sm" align="start">
        {t('attentionText')}
        {isOpen ? (
          <div style={{ alignSelf: 'stretch' }}>
            <PeopleList which="changed" search="" label={t('attention', { count })} empty={null} />
          </div>
        ) : (
          <Button size="sm" variant="default" onClick={open.open}>
            {t('attentionShow')}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
