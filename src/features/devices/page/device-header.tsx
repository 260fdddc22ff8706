import { Link } from '@tanstack/react-router'
import { formatRoughly } from '#lib/format.ts'
import type { Device } from '#model/device.ts'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { TaskLink } from '#panels/task/task-link.tsx'
import { useAgeNow, useNow } from '#streams/react.tsx'
import { Banner } from '#ui/banner.tsx'
import { classes } from '#ui/classes.ts'
import { ConnectedBadge } from '../connected-badge.tsx'
import { DeviceBusyLine } from '../device-busy.tsx'
import { DeviceControls } from '../device-controls.tsx'
import { DeviceErrorFold } from '../device-error.tsx'
import { LatestDeviceRefusal } from '../device-refusal.tsx'
import type { SourceFacts } from '../use-source-facts.ts'
import { DeviceStream } from './device-stream.tsx'

/** Who it is, how it stands, what is asked of it, and what can be. */
export function DeviceHeader(props: { device: Device; facts: SourceFacts; titleId: string }) {
  const { device, facts, titleId } = props
  const now = useNow()
  const ageNow = useAgeNow()
  const unsure = facts.stale || !device.onServer
  return (
    <header className="grid grid-cols-[minmax(0,1fr)] gap-2.5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <div className="flex min-w-0 items-center gap-1">
            <h1 id={titleId} className="said line-clamp-3 min-w-0 text-lg font-semibold text-wrap">
              {device.id}
            </h1>
            <CopyButton iconOnly label="Copy device ID" text={() => device.id} />
          </div>
          <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-mute">
            {device.streamOf === null && (
              <>
                <ConnectedBadge device={device} stale={facts.stale} />
                <Dot />
              </>
            )}
            <Link
              to="/sources"
              className="inline-block min-w-6 py-0.5 text-center text-mute underline-offset-2 hover:text-ink hover:underline"
            >
              {device.source}
            </Link>
            <Dot />
            <span className="said">{device.type}</span>
            <Dot />
            {device.ownedBy === null ? (
              <span className="text-faint">held by nobody</span>
            ) : (
              <span className="[&_a]:underline">
                held by{' '}
                <TaskLink source={device.source} id={device.ownedBy}>
                  {device.ownedBy}
                </TaskLink>
              </span>
            )}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <DeviceControls device={device} />
        </div>
      </div>
      {device.streamOf === null && (
        <section
          aria-label="State"
          className={classes(
            'overflow-hidden rounded-lg border border-line bg-panel shadow-cast',
            unsure && 'hatch',
          )}
        >
          {facts.stale && (
            <Banner tone="wait" icon="question">
              <span title={facts.why.slice(0, 1_000)}>
                <b className="font-medium">
                  As last seen{facts.seenAt !== null && ` ${formatRoughly(ageNow - facts.seenAt)} ago`}
                </b>
                . What is shown may no longer be so.
              </span>
            </Banner>
          )}
          <div className="grid grid-cols-[minmax(0,1fr)] gap-2 px-3 py-2.5">
            {device.busy && <DeviceBusyLine device={device} />}
            <DeviceStream device={device} now={now} />
            {device.lastError && <DeviceErrorFold device={device} now={now} />}
          </div>
        </section>
      )}
      <LatestDeviceRefusal device={device} />
    </header>
  )
}

function Dot() {
  return (
    <span aria-hidden="true" className="text-faint">
      ·
    </span>
  )
}
