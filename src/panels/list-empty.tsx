import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { formatCount } from '#lib/format.ts'
import { isSourceStale, type Source } from '#model/source.ts'
import { useList, useRelayState } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { EmptyState } from '#ui/empty-state.tsx'

/** Why a list of tasks or devices shows nothing: still asking, nothing reachable, filtered out, or none there. */
export function ListEmpty(props: {
  thing: 'task' | 'device'
  ready: boolean
  filtered: boolean
  /** How many there are without the filters. */
  total: number
  onClear: () => void
  /** Whether a source may have such things. */
  has: (source: Source) => boolean
  /** The shape of what comes, while it is asked for. */
  loading: ReactNode
  /** Where no source may have any. */
  noSource: ReactNode
  /** How they come to be, as in "starts on", and the way to make one. */
  made: string
  action: ReactNode
}) {
  const { thing, ready, filtered, total, onClear, has } = props
  const things = `${thing}s`
  const relay = useRelayState((state) => state.name)
  const known = useList('sources', (list) =>
    list.ready ? [...list.items.values()].filter(has).length : null,
  )
  const away = useList(
    'sources',
    (list) => [...list.items.values()].filter((source) => has(source) && isSourceStale(source)).length,
  )
  if (!ready)
    return relay === 'lost' || relay === 'reconnecting' ? (
      <EmptyState icon="unlink" title="Weir does not answer">
        This page could not reach its relay. It keeps trying, and the {things} appear as soon as it is back.
      </EmptyState>
    ) : (
      props.loading
    )
  if (filtered && total > 0)
    return (
      <EmptyState
        icon="filter"
        title={`No ${thing} matches`}
        actions={<Button onClick={onClear}>Clear filters</Button>}
      >
        {total === 1 ? `One ${thing} is` : `${formatCount(total)} ${things} are`} hidden by the filters.
      </EmptyState>
    )
  if (known === 0) return props.noSource
  if (known !== null && away === known)
    return (
      <EmptyState
        icon="unlink"
        title={known === 1 ? 'The source cannot be reached' : 'No source can be reached'}
        actions={
          <Link to="/sources" className="text-accent underline">
            See what is wrong
          </Link>
        }
      >
        Weir keeps trying. {thing === 'task' ? 'Tasks' : 'Devices'} appear here once a source answers.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={thing === 'task' ? 'tasks' : 'device'}
      title={`No ${things} yet`}
      actions={props.action}
    >
      {thing === 'task' ? 'Tasks' : 'Devices'} that anybody {props.made}{' '}
      {known === 1 ? 'the source' : 'one of the sources'} show up here by themselves.
    </EmptyState>
  )
}
