import { reloadPage } from '#lib/drafts.ts'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { Button } from '#ui/button.tsx'
import { EmptyState } from '#ui/empty-state.tsx'

/** A screen that failed; the shell around it lives on. */
export function PageError(props: ErrorComponentProps) {
  const message = props.error instanceof Error ? props.error.message : String(props.error)
  return (
    <div role="alert" className="p-4">
      <EmptyState
        level={1}
        icon="warning"
        title="This screen has failed"
        actions={
          <>
            <Button look="primary" icon="refresh" onClick={reloadPage}>
              Reload
            </Button>
            <Button
              onClick={() => {
                props.reset()
              }}
            >
              Try again
            </Button>
          </>
        }
      >
        Tasks and streams go on without it.
        <code className="said mt-2 line-clamp-6 block font-mono text-sm text-bad">{message}</code>
      </EmptyState>
    </div>
  )
}
