/**
 * That a friend gave one a part of their words to keep, until it was seen (spec Z23). Strangers' are told under My account
 * alone: whoever likes gives a part to anybody.
 *
 * @module
 */
import type { HeldShare } from '@effigy/peer'
import { useLive } from '@effigy/react'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconPuzzle } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { usePerson } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { keepSeenParts, readSeenParts } from './seen-parts.ts'
import { words } from './words.ts'

const maxFollowed = 500

export function PartsGiven({ held }: { readonly held: readonly HeldShare[] }): ReactNode {
  const followed = useLive('people.list', 'following', { limit: maxFollowed }).value?.items ?? []
  const [seen, setSeen] = useState(readSeenParts)
  const roots = new Set(followed.map(({ root }) => root))
  const [fresh] = held.filter(({ account, set }) => roots.has(account.root) && !seen.has(set))
  if (fresh === undefined) return null
  const see = (): void => {
    // What is kept no more is not remembered either.
    const sets = held.map(({ set }) => set).filter((set) => seen.has(set) || set === fresh.set)
    keepSeenParts(sets)
    setSeen(new Set(sets))
  }
  return <Given key={fresh.set} account={fresh.account} see={see} />
}

function Given({ account, see }: Pick<HeldShare, 'account'> & { readonly see: () => void }): ReactNode {
  const t = useWords(words)
  const { name } = usePerson(account.identity)
  return (
    <Alert radius={0} color="gray" icon={<IconPuzzle />} title={t('givenTitle', { name })}>
      <Stack gap="xs">
        <Text size="sm">{t('givenText')}</Text>
        <Group>
          <Button component={Link} href="/account" size="compact-sm" onClick={see}>
            {t('partGo')}
          </Button>
          <Button variant="default" size="compact-sm" onClick={see}>
            {t('seen')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
