import type { Fetch } from '#lib/fetch.ts'
import { USUAL_RECONNECT, type ReconnectSettings } from '#model/source.ts'
import { InferenceClient } from '#protocols/inference/client.ts'
import { SourceCommands } from '../../commands/source-commands.ts'
import { ItemFaults } from '../../item-faults.ts'
import type { SourceContext } from '../../source-adapter.ts'
import { SourceClock, timed } from '../../source-clock.ts'
import { Traffic } from '../../traffic.ts'
import { Apps } from './apps.ts'
import { commandError } from './command-error.ts'
import { Condition } from './condition.ts'
import { KnownRuns } from './known-runs.ts'
import { RequestLimit } from './request-limit.ts'
import { RunRecords } from './run-records.ts'

/**
 * What all parts of an inference.sh source share: the way to the service, and what is known of it. Knows none of
 * them.
 */
export interface Cloud {
  readonly context: SourceContext
  readonly client: InferenceClient
  readonly limit: RequestLimit
  readonly sourceClock: SourceClock
  readonly condition: Condition
  readonly faults: ItemFaults
  readonly commands: SourceCommands
  readonly traffic: Traffic
  readonly records: RunRecords
  readonly knownRuns: KnownRuns
  readonly apps: Apps
  /** As a person chose it, for all streams. */
  reconnect: ReconnectSettings
  /** Aborted when Weir stops: nothing more is asked of the service. */
  readonly stop: AbortController
}

/**
 * @param url the service's address
 * @param key of the API; null: none was given
 */
export function createCloud(context: SourceContext, url: string, key: string | null, fetch: Fetch): Cloud {
  const { clock, random, secrets } = context
  const sourceClock = new SourceClock(context)
  const client = new InferenceClient(url, key, timed(fetch, url, sourceClock, clock), clock, secrets)
  const limit = new RequestLimit(clock, random)
  const traffic = new Traffic()
  const commands = new SourceCommands(context, { commandError })
  return {
    context,
    client,
    limit,
    sourceClock,
    condition: new Condition(context, limit),
    faults: new ItemFaults(context),
    commands,
    traffic,
    records: new RunRecords(context, traffic, commands),
    knownRuns: new KnownRuns(context),
    apps: new Apps(client, clock),
    reconnect: USUAL_RECONNECT,
    stop: new AbortController(),
  }
}
