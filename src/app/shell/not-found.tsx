import { Link, useRouterState } from '@tanstack/react-router'
import { EmptyState } from '#ui/empty-state.tsx'

export function NotFound() {
  const path = useRouterState({ select: (state) => state.location.pathname })
  return (
    <div className="p-4">
      <EmptyState
        level={1}
        icon="question"
        title="There is no such page"
        actions={
          <Link to="/" className="text-accent underline">
            Go to the tasks
          </Link>
        }
      >
        Nothing of Weir lives at <code className="said font-mono">{path}</code>. The link may be mistyped, or
        older than this version.
      </EmptyState>
    </div>
  )
}
