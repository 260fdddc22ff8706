import { memo } from 'react'
import { whyNot } from '#model/capabilities.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import { useStreams } from '#streams/react.tsx'
import { useCapabilities } from '#streams/use-can.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button, IconButton } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { useHold } from '#ui/use-hold.ts'
import { isUnderWay, useSaid } from './command-store.ts'
import { cancelPress } from './stop-question.ts'

/**
 * Cancels a task: a short one at once, a long one after a question, or at once when it is held. Absent where its source
 * cannot.
 */
export const CancelButton = memo(function CancelButton(props: {
  source: string
  id: string
  /** It asks: said beforehand. Whether it is so is looked up again when it is pressed. */
  long: boolean
  /** Asks in any case: it stands where one does not see what it ends. */
  ask?: boolean
  /** Why it cannot be pressed now. */
  disabled?: string | null
  /** The name, where it is not alone with its task. */
  label?: string
  /** With its word beside the icon. */
  shape?: 'icon' | 'word' | 'small'
  className?: string
}) {
  const {
    source,
    id,
    long,
    ask = false,
    disabled = null,
    label = 'Cancel',
    shape = 'icon',
    className,
  } = props
  const weir = useWeir()
  const streams = useStreams()
  const busy = isUnderWay(useSaid(taskTopic(source, id)), 'cancel')
  const press = cancelPress(weir, streams, { source, id }, ask)
  const { holding, handlers } = useHold<HTMLButtonElement>({
    ...press,
    canHold: () => !busy && press.canHold(),
  })
  if (whyNot(useCapabilities(source), 'cancel') !== null) return null
  const title =
    disabled ??
    (busy
      ? 'Sent, waiting for the answer'
      : `Cancel ${id}${long ? ': asks first. Hold for 0.6 s to cancel without a question' : ''}`)
  const shared = {
    title,
    busy,
    disabled: disabled !== null,
    className: classes('relative touch-target', className),
    ...handlers,
  }
  const ring = holding && <i aria-hidden="true" className="hold-ring" />
  if (shape === 'icon')
    return (
      <IconButton icon="stop" label={label} {...shared}>
        {ring}
      </IconButton>
    )
  return (
    <Button look="danger" icon="stop" small={shape === 'small'} {...shared}>
      {label}
      {ring}
    </Button>
  )
})
