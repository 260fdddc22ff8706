import { ListEmpty } from '#panels/list-empty.tsx'
import { Button } from '#ui/button.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { openNewTask } from './new-task/open-new-task.ts'

/** Why no task is shown. */
export function TasksEmpty(props: { ready: boolean; filtered: boolean; total: number; onClear: () => void }) {
  return (
    <ListEmpty
      {...props}
      thing="task"
      has={() => true}
      loading={<TasksLoading />}
      noSource={
        <EmptyState icon="source" title="No sources">
          Weir was started without a source. Start it with{' '}
          <code className="font-mono">--source NAME=KIND:URL</code> to watch a server.
        </EmptyState>
      }
      made="starts on"
      action={
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
    />
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
