import { Link } from '@tanstack/react-router'
import { countOutcomes } from '#panels/command/refusal.ts'
import { toast } from '#ui/toast.tsx'
import type { Started } from './use-new-task.ts'

/** Says what began, with a way there; refusals among several stay until seen. */
export function tellStarted(started: Started): void {
  const { source, begun, refused, batch } = started
  const actions = batch === null ? {} : { actions: <ToBatch id={batch} /> }
  const [first] = begun
  if (begun.length === 1 && first !== undefined && refused.length === 0) {
    toast({
      tone: 'ok',
      text: (
        <>
          Started{' '}
          <Link
            to="/tasks/$source/$taskId"
            params={{ source, taskId: first }}
            className="said text-accent hover:underline"
          >
            {first}
          </Link>
        </>
      ),
    })
    return
  }
  const [refusal] = refused
  if (!refusal) {
    toast({
      tone: 'ok',
      text: `Started ${begun.length} tasks, ${first ?? ''} to ${begun.at(-1) ?? ''}`,
      ...actions,
    })
    return
  }
  toast({
    tone: refused.some((each) => each.refusal.outcome === 'refused') ? 'bad' : 'warn',
    stays: true,
    ...actions,
    text: `Started ${begun.length}, ${countOutcomes(refused.map((each) => each.refusal.outcome))}. ${refusal.id}: ${refusal.refusal.type}: ${refusal.refusal.message}`,
  })
}

function ToBatch(props: { id: string }) {
  return (
    <Link to="/batches/$batchId" params={{ batchId: props.id }} className="text-accent hover:underline">
      Show the batch
    </Link>
  )
}
