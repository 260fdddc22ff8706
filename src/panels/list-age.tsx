import type { ListTopic } from '#topics/lists.ts'
import { useList } from '#streams/react.tsx'
import { Time } from '#ui/time.tsx'
import { useAnswering } from '#ui/waiting.tsx'

/**
 * How old a list is that this page had not watched any more when Weir went away: older than the banner says of the
 * rest. Nothing where it is not.
 */
export function ListAge(props: { topic: ListTopic }) {
  const asOf = useList(props.topic, (list) => list.asOf)
  const isAnswering = useAnswering()
  if (asOf === null || isAnswering) return null
  return (
    <span className="text-sm font-normal text-warn">
      as of <Time at={asOf} />
    </span>
  )
}
