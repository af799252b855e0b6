/** An address of this app at which nothing is. */
import { Anchor } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Empty } from '../components/empty.tsx'
import { useWords } from '../words/use-words.ts'
import { words } from './words.ts'

export function NotFound(): ReactNode {
  const t = useWords(words)
  return (
    <Empty icon={IconMapQuestion} title={t('notFoundTitle')} text={t('notFound')}>
      <Anchor component={Link} href="/">
        {t('home')}
      </Anchor>
    </Empty>
  )
}
