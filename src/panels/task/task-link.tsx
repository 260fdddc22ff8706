import { Link } from '@tanstack/react-router'

/** A link to a task's page, in the colour of links. */
export function TaskLink(props: { source: string; id: string; children: string }) {
  return (
    <Link
      to="/tasks/$source/$taskId"
      params={{ source: props.source, taskId: props.id }}
      className="text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-current"
    >
      {props.children}
    </Link>
  )
}
