import type { Fetch } from '#lib/fetch.ts'
import { LabDaemonClient } from '#protocols/labdaemon/client.ts'
import { SourceCommands } from '../../commands/source-commands.ts'
import { ItemFaults } from '../../item-faults.ts'
import type { SourceContext } from '../../source-adapter.ts'
import { SourceClock, timed } from '../../source-clock.ts'
import { Traffic } from '../../traffic.ts'
import { commandError } from './command-error.ts'
import { PollTimer } from './poll-timer.ts'
import { RequestsUnderWay } from './requests-under-way.ts'
import { ServerState } from './server-state.ts'
import { LiveStreams } from './streams/live-streams.ts'
import { StreamQueue } from './streams/stream-queue.ts'

/** What all parts of a LabDaemon source share: the way to its server, and what is known of it. Knows none of them. */
export interface Lab {
  readonly context: SourceContext
  readonly client: LabDaemonClient
  readonly sourceClock: SourceClock
  readonly faults: ItemFaults
  readonly commands: SourceCommands
  readonly traffic: Traffic
  readonly server: ServerState
  readonly polls: PollTimer
  readonly requests: RequestsUnderWay
  /** Opens and closes of streams, one by one. */
  readonly queue: StreamQueue
  readonly streams: LiveStreams
  /** Weir ends: what it does now is nobody's wish. */
  isStopping: boolean
}

/** @param url the server's address */
export function createLab(context: SourceContext, url: string, fetch: Fetch): Lab {
  const { clock, secrets } = context
  const sourceClock = new SourceClock(context)
  const polls = new PollTimer(clock)
  const traffic = new Traffic()
  return {
    context,
    client: new LabDaemonClient(url, timed(fetch, url, sourceClock, clock), clock, secrets),
    sourceClock,
    faults: new ItemFaults(context),
    commands: new SourceCommands(context, { commandError }),
    traffic,
    server: new ServerState(context, polls, traffic),
    polls,
    requests: new RequestsUnderWay(clock),
    queue: new StreamQueue(),
    streams: new LiveStreams(),
    isStopping: false,
  }
}
