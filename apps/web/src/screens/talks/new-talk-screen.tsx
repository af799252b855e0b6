/**
 * For whom a new message is: people one follows, oneself, or a group with a name.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { usePeer } from '@effigy/react'
import { Button, Card, Checkbox, Group, Stack, Switch, Text, TextInput } from '@mantine/core'
import { IconBookmark } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useFail } from '../../components/fault.tsx'
import { ScreenHead } from '../../components/screen-head.tsx'
import { demandNoSecret } from '../../components/secret-guard/secret-in.ts'
import { useWords } from '../../words/use-words.ts'
import { PeoplePicker } from './people-picker.tsx'
import { words } from './words.ts'

/** People of one conversation; a group takes more. */
const maxPeople = 16

/** A name has 96 bytes at most; a UTF-16 unit takes three at most. */
const maxNameLength = 32

export function Screen(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [, navigate] = useLocation()
  const [chosen, setChosen] = useState<readonly Identity[]>([])
  const [isGroup, setGroup] = useState(false)
  const [name, setName] = useState('')
  const [history, setHistory] = useState(true)
  const [isBusy, setBusy] = useState(false)
  const isTooMany = !isGroup && chosen.length > maxPeople
  const isReady = chosen.length > 0 && !isTooMany && (!isGroup || name.trim() !== '')

  async function goOn(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!isReady) return
    if (!isGroup) return navigate(`/talks/to/${chosen.join(',')}`)
    setBusy(true)
    try {
      await demandNoSecret(name)
      const members = chosen.map((identity) => ({ identity }))
      const id = await peer.groups.create({ name: name.trim(), history, members })
      navigate(`/talks/in/g${id}`)
    } catch (error) {
      fail(error)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void goOn(event)}>
      <Stack>
        <ScreenHead title={t('newTitle')} />
        <Text c="var(--soft)">{t('newHelp')}</Text>
        <PeoplePicker chosen={chosen} onChange={setChosen} />
        {chosen.length === 0 && (
          <Button
            component={Link}
            href="/talks/to/me"
            variant="subtle"
            leftSection={<IconBookmark size={20} />}
            style={{ alignSelf: 'start' }}
          >
            {t('oneself')}
          </Button>
        )}
        {chosen.length > 0 && (
          <Card withBorder bg="var(--card)">
            <Stack gap="sm">
              <Switch
                label={t('makeGroup')}
                description={t('makeGroupHelp')}
                checked={isGroup}
                onChange={({ currentTarget }) => setGroup(currentTarget.checked)}
              />
              {isGroup && (
                <>
                  <TextInput
                    label={t('groupName')}
                    value={name}
                    maxLength={maxNameLength}
                    onChange={({ currentTarget }) => setName(currentTarget.value)}
                    autoComplete="off"
                  />
                  <Checkbox
                    label={t('groupHistory')}
                    checked={history}
                    onChange={({ currentTarget }) => setHistory(currentTarget.checked)}
                  />
                </>
              )}
              {isTooMany && <Text role="alert">{t('tooMany', { count: maxPeople })}</Text>}
              <Group justify="space-between">
                <Text size="sm" c="var(--soft)" role="status">
                  {t('chosen', { count: chosen.length })}
                </Text>
                <Button type="submit" disabled={!isReady} loading={isBusy}>
                  {t(isGroup ? 'createGroup' : 'goOn')}
                </Button>
              </Group>
            </Stack>
          </Card>
        )}
      </Stack>
    </form>
  )
}
