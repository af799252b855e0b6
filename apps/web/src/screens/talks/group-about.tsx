/**
 * The people of a group, and what those who look after it can change.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { GroupPersonView, GroupView } from '@effigy/peer'
import { useLive, usePeer } from '@effigy/react'
import { ActionIcon, Button, Group, Menu, Stack, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDots } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { confirmAct } from '../../components/confirm-act.tsx'
import { useFail } from '../../components/fault.tsx'
import { demandNoSecret } from '../../components/secret-guard/secret-in.ts'
import { usePerson } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { PeoplePicker } from './people-picker.tsx'
import { Reader } from './reader.tsx'
import classes from './talk.module.css'
import { words } from './words.ts'

/** A name has 96 bytes at most; a UTF-16 unit takes three at most. */
const maxNameLength = 32

export function GroupAbout({ group }: { readonly group: GroupView }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [, navigate] = useLocation()
  const isAdmin = group.role === 'admin'

  async function leave(): Promise<void> {
    const title = t('leaveTitle', { name: group.name })
    if (!(await confirmAct({ title, text: t('leaveText'), act: t('leaveAct') }))) return
    try {
      await peer.groups.leave(group.id)
      notifications.show({ message: t('left') })
      navigate('/talks')
    } catch (error) {
      fail(error)
    }
  }

  return (
    <>
      <Text c="var(--soft)">{t(group.role === 'former' ? 'former' : 'aboutGroup')}</Text>
      <Members group={group} isAdmin={isAdmin} />
      {group.role !== 'former' && (
        <Text size="sm" c="var(--soft)">
          {t(group.history ? 'historyOn' : 'historyOff')}
        </Text>
      )}
      {isAdmin && <AddPeople group={group} />}
      {isAdmin && <Rename key={group.name} group={group} />}
      {group.role !== 'former' && (
        <Button color="red" variant="light" style={{ alignSelf: 'start' }} onClick={() => void leave()}>
          {t('leave')}
        </Button>
      )}
    </>
  )
}

interface PartProps {
  readonly group: GroupView
}

function Members({ group, isAdmin }: PartProps & { readonly isAdmin: boolean }): ReactNode {
  const t = useWords(words)
  const { value: readers } = useLive('groups.readers', group.id)
  const waiting = new Set((readers ?? []).filter(({ hasKey }) => !hasKey).map(({ identity }) => identity))
  const noteOf = ({ identity, isSelf, role }: GroupPersonView): string | null => {
    const notes = [
      isSelf ? t('self') : null,
      role === 'admin' ? t('admin') : null,
      waiting.has(identity) && !isSelf ? t('waitsKey') : null,
    ]
    return notes.filter((note) => note !== null).join(' · ') || null
  }
  return (
    <ul className={classes.plain}>
      {group.members.map((member) => (
        <Reader key={member.identity} identity={member.identity} note={noteOf(member)}>
          {!member.isSelf && <MemberActs group={group} member={member} isAdmin={isAdmin} />}
        </Reader>
      ))}
    </ul>
  )
}

interface MemberActsProps extends PartProps {
  readonly member: GroupPersonView
  readonly isAdmin: boolean
}

function MemberActs({ group, member, isAdmin }: MemberActsProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const { name } = usePerson(member.identity)
  const { identity, role } = member

  async function remove(): Promise<void> {
    const title = t('removeTitle', { name })
    if (!(await confirmAct({ title, text: t('removeText'), act: t('removeAct') }))) return
    await peer.groups.remove(group.id, [identity]).catch(fail)
  }

  const setRole = (next: 'admin' | 'member'): void =>
    void peer.groups.role(group.id, identity, next).catch(fail)

  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={t('memberActions', { name })}>
          <IconDots size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} href={`/p/${identity}`}>
          {t('toProfile')}
        </Menu.Item>
        {isAdmin && (
          <>
            {role === 'member' ? (
              <Menu.Item onClick={() => setRole('admin')}>{t('makeAdmin')}</Menu.Item>
            ) : (
              <Menu.Item onClick={() => setRole('member')}>{t('makeMember')}</Menu.Item>
            )}
            <Menu.Item color="red" onClick={() => void remove()}>
              {t('removeOne')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function AddPeople({ group }: PartProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState<readonly Identity[]>([])
  const [isBusy, setBusy] = useState(false)

  function close(): void {
    setChosen([])
    setOpen(false)
  }

  async function add(): Promise<void> {
    setBusy(true)
    try {
      await peer.groups.invite(
        group.id,
        chosen.map((identity) => ({ identity })),
      )
      close()
    } catch (error) {
      fail(error)
    } finally {
      setBusy(false)
    }
  }

  if (!isOpen) {
    return (
      <Button variant="default" style={{ alignSelf: 'start' }} onClick={() => setOpen(true)}>
        {t('addPeople')}
      </Button>
    )
  }
  const members = new Set(group.members.map(({ identity }) => identity))
  return (
    <section aria-label={t('addPeople')}>
      <Title order={2} size="h4" mb="xs">
        {t('addPeople')}
      </Title>
      <PeoplePicker chosen={chosen} onChange={setChosen} without={members} />
      <Group mt="sm">
        <Button disabled={chosen.length === 0} loading={isBusy} onClick={() => void add()}>
          {t('add')}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={close}>
          {t('close')}
        </Button>
      </Group>
    </section>
  )
}

function Rename({ group }: PartProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [name, setName] = useState(group.name)
  const isOther = name.trim() !== '' && name.trim() !== group.name

  async function rename(event: FormEvent): Promise<void> {
    event.preventDefault()
    try {
      await demandNoSecret(name)
      await peer.groups.set(group.id, { name: name.trim() })
      notifications.show({ message: t('saved') })
    } catch (error) {
      fail(error)
    }
  }

  return (
    <form onSubmit={(event) => void rename(event)}>
      <Stack gap="xs" align="start">
        <TextInput
          label={t('groupName')}
          value={name}
          maxLength={maxNameLength}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          autoComplete="off"
        />
        <Button type="submit" variant="default" disabled={!isOther}>
          {t('rename')}
        </Button>
      </Stack>
    </form>
  )
}
