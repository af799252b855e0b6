/**
 * What to begin with, in four steps: until one person is followed, or the steps are closed.
 *
 *     an invite that one was given │ an invite for a friend │ a look around │ people
 *
 * @module
 */
import { useLive } from '@effigy/react'
import { ActionIcon, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { openInvite } from '../../app/invite-place.ts'
import { words as appWords } from '../../app/words.ts'
import { useWords } from '../../words/use-words.ts'
import { readPerson } from '../people/read-person.ts'
import { words as peopleWords } from '../people/words.ts'
import classes from './home.module.css'
import { words } from './words.ts'

/** `end`: it is over from now on. */
export function FirstHour({ end }: { readonly end: () => void }): ReactNode {
  const t = useWords(words)
  const say = useWords(appWords)
  const title = useId()
  const followed = useLive('people.list', 'following', { limit: 1 }).value?.count ?? null
  const isOver = followed !== null && followed > 0
  useEffect(() => {
    if (isOver) end()
  }, [isOver, end])
  if (followed !== 0) return null
  return (
    <Card withBorder bg="var(--card)" component="section" aria-labelledby={title}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <Stack gap={2}>
          <Title order={2} size="h4" id={title}>
            {t('emptyTitle')}
          </Title>
          <Text size="sm" c="var(--soft)">
            {t('firstSteps')}
          </Text>
        </Stack>
        <ActionIcon aria-label={t('closeSteps')} onClick={end}>
          <IconX size={20} aria-hidden />
        </ActionIcon>
      </Group>
      <ol className={classes.steps}>
        <li>
          <UseInvite />
        </li>
        <li>
          <Button component={Link} href="/invite" variant="light" size="sm">
            {t('invite')}
          </Button>
        </li>
        <li>
          <Button component={Link} href="/look-around" variant="light" size="sm">
            {say('navLookAround')}
          </Button>
        </li>
        <li>
          <Button component={Link} href="/people" variant="light" size="sm">
            {t('findPeople')}
          </Button>
        </li>
      </ol>
    </Card>
  )
}

/** Whoever has one on paper, or in another app, did not come here by it. */
function UseInvite(): ReactNode {
  const t = useWords(words)
  const say = useWords(peopleWords)
  const [, go] = useLocation()
  const [isOpen, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string | null>(null)

  function take(event: FormEvent): void {
    event.preventDefault()
    const found = readPerson(text)
    switch (found?.type) {
      case 'invite':
        openInvite(found.code)
        setOpen(false)
        setText('')
        setFault(null)
        return
      case 'person':
        go(`/p/${found.identity}`)
        return
      default:
        setFault(found?.type === 'device-code' ? say('deviceCode') : t('noInvite'))
    }
  }

  if (!isOpen) {
    return (
      <Button variant="light" size="sm" onClick={() => setOpen(true)}>
        {t('useInvite')}
      </Button>
    )
  }
  return (
    <form onSubmit={take}>
      <Stack gap="xs">
        <TextInput
          label={t('inviteLabel')}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          error={fault}
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
          autoFocus
        />
        <Button type="submit" size="sm" disabled={text.trim() === ''} style={{ alignSelf: 'start' }}>
          {t('useIt')}
        </Button>
      </Stack>
    </form>
  )
}
