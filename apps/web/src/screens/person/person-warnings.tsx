/**
 * What a person has to know of somebody before they trust the name: each once, with what to do about it.
 *
 *     looks like …, odd letters │ changed name or picture │ the account moved │ blocked
 *
 * @module
 */
import { type PersonView, usePeer } from '@effigy/react'
import { Alert, Anchor, Button, Group, Stack } from '@mantine/core'
import { IconAlertTriangle, IconBan, IconRefreshDot, IconShieldX } from '@tabler/icons-react'
import { Fragment, type ReactNode } from 'react'
import { Link } from 'wouter'
import { useFail } from '../../components/fault.tsx'
import { shownName } from '../../components/use-person.ts'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './person.module.css'
import { words } from './words.ts'

const oddWords = {
  direction: 'oddDirection',
  invisible: 'oddInvisible',
  'mixed-scripts': 'oddMixed',
} as const

export function PersonWarnings({ person }: { readonly person: PersonView }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const name = shownName(person, t('somebody'))
  const { identity, verified, lookAlikes, facts, before } = person
  if (person.isSelf) return null
  return (
    <>
      {person.isBlocked && (
        <Alert color="red" icon={<IconBan />} title={t('blockedTitle', { name })}>
          <Stack gap="sm" align="start">
            {t('blockDoes')}
            <Button
              size="sm"
              variant="default"
              onClick={() => void peer.relate('block', identity, false).catch(fail)}
            >
              {t('unblock')}
            </Button>
          </Stack>
        </Alert>
      )}
      {verified === 'moved' && (
        <Alert color="red" icon={<IconShieldX />} title={t('movedTitle')}>
          <Stack gap="sm" align="start">
            {t('moved')}
            <Group>
              <Button size="sm" component={Link} href={`/p/${identity}/verify`}>
                {t('verify')}
              </Button>
              <Button
                size="sm"
                variant="default"
                onClick={() => void peer.people.setVerified(identity, null).catch(fail)}
              >
                {t('movedForget')}
              </Button>
            </Group>
          </Stack>
        </Alert>
      )}
      {verified !== 'yes' && lookAlikes.length > 0 && (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle />}
          classNames={{ title: classes.title ?? '', icon: classes.caution ?? '' }}
          title={t('alikeTitle')}
        >
          {lookAlikes.map((other, at) => (
            <Fragment key={`${other.identity} ${other.name}`}>
              {at > 0 && ' '}
              {other.isSelf ? (
                t('alikeYou')
              ) : (
                <Rich
                  words={words}
                  name={other.isSame ? 'alikeSame' : 'alike'}
                  parts={{
                    name: (
                      <Anchor
                        component={Link}
                        href={`/p/${other.identity}`}
                        c="inherit"
                        underline="always"
                        inherit
                      >
                        <bdi data-others>{other.name}</bdi>
                      </Anchor>
                    ),
                  }}
                />
              )}
            </Fragment>
          ))}{' '}
          {t('alikeDo')}
        </Alert>
      )}
      {verified !== 'yes' && facts.length > 0 && (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle />}
          classNames={{ title: classes.title ?? '', icon: classes.caution ?? '' }}
          title={t('oddTitle')}
        >
          {facts.map((fact) => t(oddWords[fact])).join(' ')}
        </Alert>
      )}
      {before !== null && (
        <Alert color="grape" icon={<IconRefreshDot />} title={t('changedTitle')}>
          <Stack gap="sm" align="start">
            <div>
              {before.name !== person.name && (
                <Rich
                  words={words}
                  name={before.name === '' ? 'changedFirst' : 'changedName'}
                  parts={{
                    before: <bdi data-others>{before.name}</bdi>,
                    now: <bdi data-others>{person.name === '' ? '–' : person.name}</bdi>,
                  }}
                />
              )}{' '}
              {before.isPictureNew && t('changedPicture')}
            </div>
            <Button size="sm" variant="default" onClick={() => void peer.people.looked(identity).catch(fail)}>
              {t('changedSeen')}
            </Button>
          </Stack>
        </Alert>
      )}
    </>
  )
}
