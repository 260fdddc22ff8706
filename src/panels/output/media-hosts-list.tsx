import { Button } from '#ui/button.tsx'
import { Panel } from '#ui/panel.tsx'
import { useStored } from '#ui/stored.ts'
import { mediaHosts } from './media-hosts.ts'

/** Hosts that this browser loads media from because a person said so, and the way to take it back. */
export function MediaHostsList() {
  const [hosts, set] = useStored(mediaHosts)
  if (hosts.length === 0) return null
  return (
    <Panel title="Media allowed from" aside="in this browser">
      <ul className="divide-y divide-line">
        {hosts.map((host) => (
          <li key={host} className="flex items-center justify-between gap-3 px-3 py-1.5">
            <span className="said font-mono text-sm">{host}</span>
            <Button
              small
              aria-label={`No longer allow ${host}`}
              onClick={() => {
                set(hosts.filter((each) => each !== host))
              }}
            >
              Take back
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
