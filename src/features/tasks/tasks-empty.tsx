import { formatCount } from '#lib/format.ts'
import { Link } from '@tanstack/react-router'
import { isSourceStale } from '#model/source.ts'
import { useList, useRelayState } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { openNewTask } from './new-task/open-new-task.ts'

/** Why the list is empty: still asking, nothing reachable, filtered out, or nothing there yet. */
export function TasksEmpty(props: { ready: boolean; filtered: boolean; total: number; onClear: () => void }) {
  const { ready, filtered, total, onClear } = props
  const relay = useRelayState((state) => state.name)
  const known = useList('sources', (state) => (state.ready ? state.items.size : null))
  const away = useList('sources', (state) => [...state.items.values()].filter(isSourceStale).length)

  if (!ready) {
    if (relay === 'lost' || relay === 'reconnecting')
      return (
        <EmptyState icon="unlink" title="Weir does not answer">
          This page could not reach its relay. It keeps trying, and the tasks appear as soon as it is back.
        </EmptyState>
      )
    return <TasksLoading />
  }
  if (filtered && total > 0)
    return (
      <EmptyState
        icon="filter"
        title="No task matches"
        actions={<Button onClick={onClear}>Clear filters</Button>}
      >
        {total === 1 ? 'One task is' : `${formatCount(total)} tasks are`} hidden by the filters.
      </EmptyState>
    )
  if (known === 0)
    return (
      <EmptyState icon="source" title="No sources">
        Weir was started without a source. Start it with{' '}
        <code className="font-mono">--source NAME=KIND:URL</code> to watch a server.
      </EmptyState>
    )
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
        Weir keeps trying. Tasks appear here once a source answers.
      </EmptyState>
    )
  return (
    <EmptyState
      icon="tasks"
      title="No tasks yet"
      actions={
        <Button
          look="primary"
          icon="plus"
          onClick={() => {
            openNewTask()
          }}
        >
          Start a task
        </Button>
      }
    >
      Tasks that anybody starts on {known === 1 ? 'the source' : 'one of the sources'} show up here by
      themselves.
    </EmptyState>
  )
}

/** The shape of what comes, so that nothing jumps when it does. */
function TasksLoading() {
  return (
    <div
      role="status"
      aria-label="Loading tasks"
      className="grid grid-cols-[repeat(auto-fill,minmax(284px,1fr))] gap-2.5"
    >
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="h-[158px] rounded-lg border border-line bg-panel p-3">
          <div className="h-3 w-2/5 rounded-sm bg-track" />
          <div className="mt-2 h-2.5 w-1/2 rounded-sm bg-track opacity-60" />
          <div className="mt-5 h-4 w-1/5 rounded-sm bg-track" />
          <div className="mt-3 h-1.5 rounded-sm bg-track" />
        </div>
      ))}
    </div>
  )
}
