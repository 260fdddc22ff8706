import { useId } from 'react'
import type { Device } from '#model/device.ts'
import { TaskLink } from '#panels/task/task-link.tsx'
import { classes } from '#ui/classes.ts'
import { StatusBadge } from '#ui/status-badge.tsx'
import { Time } from '#ui/time.tsx'

/** One device as its source lists it. */
export function DeviceCard(props: { device: Device; stale: boolean; now: number }) {
  const { device, stale, now } = props
  const id = useId()
  const unsure = stale || !device.onServer
  return (
    <article
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-from`}
      data-connected={device.connected}
      className={classes(
        'grid grid-cols-[minmax(0,1fr)] content-start gap-1.5 rounded-lg border border-line bg-panel px-3 py-2.5 shadow-cast',
        unsure && 'hatch',
      )}
    >
      <div className="flex items-center gap-2">
        <h3 id={`${id}-name`} className="said-line font-medium">
          {device.id}
        </h3>
        <span className="ml-auto">
          <Connected device={device} stale={stale} />
        </span>
      </div>
      <p id={`${id}-from`} className="said-line -mt-1 text-sm text-faint">
        {device.source} · {device.type} · {device.streaming ? 'streaming' : 'not streaming'}
      </p>
      <p className="said-line text-mute">
        {device.ownedBy === null ? (
          'Held by nobody'
        ) : (
          <>
            Held by{' '}
            <TaskLink source={device.source} id={device.ownedBy}>
              {device.ownedBy}
            </TaskLink>
          </>
        )}
      </p>
      <p className="said line-clamp-2 min-h-[18px] border-t border-line pt-1.5 text-sm text-faint">
        {device.lastError ? (
          <span title={device.lastError.message.slice(0, 1_000)}>
            <span className="text-bad">{device.lastError.type}</span>
            {device.lastError.at !== null && (
              <>
                {' '}
                <Time at={device.lastError.at} as="when" now={now} />
              </>
            )}
            : <span className="text-mute">{device.lastError.message.slice(0, 400)}</span>
          </span>
        ) : (
          'no error'
        )}
      </p>
    </article>
  )
}

function Connected(props: { device: Device; stale: boolean }) {
  const { device, stale } = props
  if (!device.onServer) return <StatusBadge tone="wait" icon="unlink" label="No longer listed" hatched />
  return (
    <StatusBadge
      tone={device.connected ? 'ok' : 'wait'}
      icon={stale ? 'question' : device.connected ? 'check' : 'unlink'}
      label={device.connected ? 'Connected' : 'Not connected'}
      hatched={stale}
    />
  )
}
