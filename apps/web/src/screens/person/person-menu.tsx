/**
 * What else can be done with a person: call them something, make sure of them, mute, block, report.
 *
 * @module
 */
import { type PersonView, usePeer } from '@effigy/react'
import { ActionIcon, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import {
  IconBan,
  IconBell,
  IconBellOff,
  IconDots,
  IconFlag,
  IconLink,
  IconPencil,
  IconShieldCheck,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useFail } from '../../components/fault.tsx'
import { shownName } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { personLink } from '../people/read-person.ts'
import classes from './person.module.css'
import { PetnameDialog } from './petname-dialog.tsx'
import { ReportDialog } from './report-dialog.tsx'
import { useTurnAway } from './turn-away.tsx'
import { words } from './words.ts'

export function PersonMenu({ person }: { readonly person: PersonView }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [, go] = useLocation()
  const [isNaming, naming] = useDisclosure(false)
  const [isReporting, reporting] = useDisclosure(false)
  const { identity, isMuted, isBlocked, isSelf } = person
  const name = shownName(person, t('somebody'))
  const { mute, block } = useTurnAway(person)

  async function copyLink(): Promise<void> {
    await navigator.clipboard.writeText(personLink(identity))
    notifications.show({ role: 'status', message: t('copied') })
  }

  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <ActionIcon aria-label={t('menu', { name })}>
            <IconDots size={22} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {!isSelf && (
            <>
              <Menu.Item leftSection={<IconPencil size={20} />} onClick={naming.open}>
                {t('petname')}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconShieldCheck size={20} />}
                onClick={() => go(`/p/${identity}/verify`)}
              >
                {t('verify')}
              </Menu.Item>
            </>
          )}
          <Menu.Item leftSection={<IconLink size={20} />} onClick={() => void copyLink().catch(fail)}>
            {t('copyLink')}
          </Menu.Item>
          {!isSelf && (
            <>
              <Menu.Divider role="separator" />
              {!isBlocked && (
                <Menu.Item
                  leftSection={isMuted ? <IconBell size={20} /> : <IconBellOff size={20} />}
                  onClick={() => mute(!isMuted)}
                >
                  {t(isMuted ? 'unmute' : 'mute')}
                </Menu.Item>
              )}
              {isBlocked ? (
                <Menu.Item
                  leftSection={<IconBan size={20} />}
                  onClick={() => void peer.relate('block', identity, false).catch(fail)}
                >
                  {t('unblock')}
                </Menu.Item>
              ) : (
                <Menu.Item
                  className={classes.grave ?? ''}
                  leftSection={<IconBan size={20} />}
                  onClick={block}
                >
                  {t('block')}…
                </Menu.Item>
              )}
              <Menu.Item
                className={classes.grave ?? ''}
                leftSection={<IconFlag size={20} />}
                onClick={reporting.open}
              >
                {t('report')}…
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {isNaming && <PetnameDialog person={person} close={naming.close} />}
      {isReporting && <ReportDialog person={person} content={null} close={reporting.close} />}
    </>
  )
}
