/**
 * Whose posts Home shows, and about what.
 *
 * @module
 */
import { useLive, usePeer } from '@effigy/react'
import { ActionIcon, Alert, Button, Chip, Group, SegmentedControl, Text } from '@mantine/core'
import { IconMessages, IconSearch, IconUsersPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { words as appWords } from '../../app/words.ts'
import { useFail } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import { type HomeFilter, useHomeFilter } from './filter.ts'
import classes from './home.module.css'
import { useKeptTags } from './kept-tags.ts'
import { words } from './words.ts'

/** Of friends of friends: enough to see who they are. */
const hopLevel = {
  depth: { type: 'last', count: 100 },
  blobs: { type: 'none' },
  maxFeeds: 200,
} as const

export function FilterBar(): ReactNode {
  const t = useWords(words)
  const say = useWords(appWords)
  const [filter, change] = useHomeFilter()
  const tags = useKeptTags()
  return (
    <div className={classes.bar}>
      <Group className={classes.whose} justify="space-between" wrap="nowrap" gap={4}>
        <SegmentedControl
          classNames={{ label: classes.whoseWords }}
          aria-label={t('whose')}
          value={filter.hops ? 'hops' : 'friends'}
          onChange={(value) => change({ hops: value === 'hops' })}
          data={[
            { value: 'friends', label: t('friends') },
            { value: 'hops', label: t('hops') },
          ]}
        />
        <Group gap={0} wrap="nowrap">
          <ActionIcon
            aria-label={t('replies')}
            aria-pressed={filter.comments}
            title={t('replies')}
            variant={filter.comments ? 'light' : 'subtle'}
            color={filter.comments ? 'clay' : 'gray'}
            onClick={() => change({ comments: !filter.comments })}
          >
            <IconMessages size={22} stroke={1.6} />
          </ActionIcon>
          <ActionIcon component={Link} href="/search" aria-label={say('navSearch')} hiddenFrom="sm">
            <IconSearch size={22} stroke={1.6} />
          </ActionIcon>
        </Group>
      </Group>
      {tags.length > 0 && <Tags tags={tags} filter={filter} change={change} />}
      {filter.hops && <HopsOffer />}
    </div>
  )
}

interface TagsProps {
  readonly tags: readonly string[]
  readonly filter: HomeFilter
  readonly change: (changes: Partial<HomeFilter>) => void
}

function Tags({ tags, filter, change }: TagsProps): ReactNode {
  const t = useWords(words)
  return (
    <Chip.Group
      value={filter.tag ?? ''}
      onChange={(value) => change({ tag: value === '' ? null : String(value) })}
    >
      <fieldset className={classes.tags} aria-label={t('filters')}>
        <Chip value="" size="sm">
          {t('allTags')}
        </Chip>
        {tags.map((tag) => (
          <Chip key={tag} value={tag} size="sm">
            <bdi data-others>#{tag}</bdi>
          </Chip>
        ))}
      </fieldset>
    </Chip.Group>
  )
}

/** Nothing of friends' friends is here until a person wants it. */
function HopsOffer(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [isBusy, setBusy] = useState(false)
  const { value: levels } = useLive('hops')
  if (levels === null) return null

  async function set(isOn: boolean): Promise<void> {
    setBusy(true)
    try {
      await peer.setHops(isOn ? [hopLevel] : [])
    } catch (error) {
      fail(error)
    } finally {
      setBusy(false)
    }
  }

  if (levels.length > 0) {
    return (
      <Group justify="flex-end">
        <Button
          variant="subtle"
          size="compact-sm"
          color="gray"
          loading={isBusy}
          onClick={() => void set(false)}
        >
          {t('hopsOff')}
        </Button>
      </Group>
    )
  }
  return (
    <Alert icon={<IconUsersPlus />} title={t('hopsTitle')}>
      <Text size="sm" mb="sm">
        {t('hopsText')}
      </Text>
      <Button size="sm" loading={isBusy} onClick={() => void set(true)}>
        {t('hopsOn')}
      </Button>
    </Alert>
  )
}
