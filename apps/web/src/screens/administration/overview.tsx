/**
 * How the hub is, in numbers; and the switch that lets everybody go.
 *
 * @module
 */
import { Alert, Anchor, Button, CopyButton, Group, Loader, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconDoorExit } from '@tabler/icons-react'
import { type ReactNode, useContext } from 'react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { formatBytes, formatNumber } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './administration.module.css'
import { SessionContext, useAct, useAsked } from './use-hub.ts'
import { words } from './words.ts'

interface OverviewAnswer {
  readonly version: string
  readonly address: string
  readonly isReady: boolean
  readonly isDraining: boolean
  /** `storage`: `ok` when it is; `accepting`: `yes`. */
  readonly conditions: { readonly storage: string; readonly accepting: string }
  readonly members: number
  readonly sessions: number
  readonly entryBytes: number
  readonly blobBytes: number
  readonly openReports: number
  readonly blocks: number
}

const everyMs = 10_000

export interface OverviewProps {
  readonly goReports: () => void
  readonly goConnections: () => void
}

export function Overview({ goReports, goConnections }: OverviewProps): ReactNode {
  const t = useWords(words)
  const { value, error } = useAsked<OverviewAnswer>('overview show', {}, everyMs)
  if (value === null) return error === null ? <Loader aria-label={t('loading')} /> : <Fault error={error} />
  const numbers = [
    [t('members'), formatNumber(value.members)],
    [t('texts'), formatBytes(value.entryBytes)],
    [t('files'), formatBytes(value.blobBytes)],
    [t('blocked'), formatNumber(value.blocks)],
  ] as const
  return (
    <Stack>
      {error !== null && <Fault error={error} />}
      <Health overview={value} />
      <dl className={classes.numbers}>
        {numbers.map(([name, number]) => (
          <div key={name} className={classes.number}>
            <dt>{name}</dt>
            <dd>{number}</dd>
          </div>
        ))}
        <Leading name={t('sessions')} count={value.sessions} go={goConnections} />
        <Leading name={t('openReports')} count={value.openReports} go={goReports} />
      </dl>
      <Address address={value.address} />
      <LeaveAll />
      <Text size="sm" c="var(--soft)">
        {t('version')} <bdi dir="ltr">{value.version}</bdi>
      </Text>
    </Stack>
  )
}

interface LeadingProps {
  readonly name: string
  readonly count: number
  readonly go: () => void
}

/** A number that leads to what it counts. */
function Leading({ name, count, go }: LeadingProps): ReactNode {
  return (
    <div className={classes.number}>
      <dt>{name}</dt>
      <dd>
        {count === 0 ? (
          formatNumber(0)
        ) : (
          <Anchor
            component="button"
            type="button"
            onClick={go}
            inherit
            aria-label={`${name}: ${formatNumber(count)}`}
          >
            {formatNumber(count)}
          </Anchor>
        )}
      </dd>
    </div>
  )
}

function Health({ overview }: { readonly overview: OverviewAnswer }): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const { isReady, isDraining, conditions } = overview

  async function drain(): Promise<void> {
    const isMeant = await confirmAct({ title: t('drain'), text: t('drainText'), act: t('drain') })
    if (isMeant) await act('drain begin')
  }

  if (isDraining) {
    return (
      <Alert color="gray" icon={<IconDoorExit />} title={t('draining')}>
        <Stack align="start" gap="sm">
          <Text size="sm">{t('drainingText')}</Text>
          <Button onClick={() => void act('drain end')}>{t('undrain')}</Button>
        </Stack>
      </Alert>
    )
  }
  const looked = [
    [t('conditionStorage'), conditions.storage === 'ok'],
    [t('conditionAccepting'), conditions.accepting === 'yes'],
  ] as const
  return (
    <Alert
      color={isReady ? 'gray' : 'red'}
      icon={isReady ? <IconCircleCheck color="var(--mantine-color-green-filled)" /> : <IconAlertTriangle />}
      title={isReady ? t('ready') : t('notReady')}
    >
      <Group justify="space-between">
        <Stack gap={0}>
          {looked.map(([name, isFine]) => (
            <Text key={name} size="sm">
              {name}: {t(isFine ? 'fine' : 'wrong')}
            </Text>
          ))}
        </Stack>
        <Button variant="default" size="sm" onClick={() => void drain()}>
          {t('drain')}
        </Button>
      </Group>
    </Alert>
  )
}

function LeaveAll(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const { over } = useContext(SessionContext)

  async function leaveAll(): Promise<void> {
    const isMeant = await confirmAct({ title: t('leaveAll'), text: t('leaveAllText'), act: t('leaveAll') })
    if (isMeant && (await act('sessions end')) !== null) over()
  }

  return (
    <Group>
      <Button variant="default" size="sm" onClick={() => void leaveAll()}>
        {t('leaveAll')}
      </Button>
    </Group>
  )
}

function Address({ address }: { readonly address: string }): ReactNode {
  const t = useWords(words)
  return (
    <Stack gap={4}>
      <Text size="sm" c="var(--soft)">
        {t('address')}
      </Text>
      <Group>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there */}
        <code className={classes.command} dir="ltr" translate="no" tabIndex={0}>
          {address}
        </code>
        <CopyButton value={address}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? t('copied') : t('copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  )
}
