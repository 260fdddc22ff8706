import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { refusalOf } from '#panels/command/refusal.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Dialog } from '#ui/dialog.tsx'

/** Cancels the task that holds a device, after asking. */
export function CancelOwner(props: { source: string; id: string }) {
  const { source, id } = props
  const weir = useWeir()
  const [asking, setAsking] = useState(false)
  const cancel = useMutation({
    mutationFn: async () => (await weir.command(source, id, 'cancel')).command.error,
  })
  const refusal = cancel.isError ? refusalOf(cancel.error) : cancel.data
  if (cancel.isSuccess && !refusal)
    return (
      <span role="status" className="text-mute">
        Asked to cancel; the device is free when it has ended
      </span>
    )
  return (
    <>
      <Button
        small
        look="danger"
        icon="stop"
        busy={cancel.isPending}
        onClick={() => {
          setAsking(true)
        }}
      >
        Cancel that task
      </Button>
      {refusal && (
        <span className="said text-bad">
          {refusal.type}: {refusal.message.slice(0, 1_000)}
        </span>
      )}
      {asking && (
        <Dialog
          alert
          title="Cancel the task?"
          onClose={() => {
            setAsking(false)
          }}
          footer={
            <>
              <Button
                data-autofocus
                onClick={() => {
                  setAsking(false)
                }}
              >
                Keep
              </Button>
              <Button
                look="danger"
                icon="stop"
                onClick={() => {
                  setAsking(false)
                  cancel.mutate()
                }}
              >
                Cancel the task
              </Button>
            </>
          }
        >
          <p>
            <span className="said font-medium">{id}</span> would be asked to stop before it is done. What it
            has measured so far may be lost.
          </p>
        </Dialog>
      )}
    </>
  )
}
