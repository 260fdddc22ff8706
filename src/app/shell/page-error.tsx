import type { ErrorComponentProps } from '@tanstack/react-router'
import { Button } from '#ui/button.tsx'
import { EmptyState } from '#ui/empty-state.tsx'

/** A screen that failed; the shell around it lives on. */
export function PageError(props: ErrorComponentProps) {
  const message = props.error instanceof Error ? props.error.message : String(props.error)
  // A newer build has replaced the files of this page.
  const outdated = /dynamically imported module|module script failed|Importing a module/i.test(message)
  return (
    <div role="alert" className="p-4">
      <EmptyState
        level={1}
        icon="warning"
        title={outdated ? 'This page is from an older version' : 'This screen has failed'}
        actions={
          <>
            <Button
              look="primary"
              icon="refresh"
              onClick={() => {
                location.reload()
              }}
            >
              Reload
            </Button>
            {!outdated && (
              <Button
                onClick={() => {
                  props.reset()
                }}
              >
                Try again
              </Button>
            )}
          </>
        }
      >
        {outdated ? (
          'Its files are no longer there, or Weir does not answer. Reload to get the current ones.'
        ) : (
          <>
            Tasks and streams go on without it.
            <code className="said mt-2 line-clamp-6 block font-mono text-sm text-bad">{message}</code>
          </>
        )}
      </EmptyState>
    </div>
  )
}
