import { Link } from '@tanstack/react-router'
import { memo } from 'react'

/** A task's name in a list. Apart, because a link costs more than all the rest and never changes. */
export const NameLink = memo(function NameLink(props: {
  taskKey: string
  source: string
  id: string
  /** By which the card or row is named. */
  nameId: string
}) {
  const { taskKey, source, id, nameId } = props
  return (
    <Link
      id={nameId}
      to="/tasks/$source/$taskId"
      params={{ source, taskId: id }}
      data-task-link={taskKey}
      className="outline-none hover:underline"
    >
      {id}
    </Link>
  )
})
