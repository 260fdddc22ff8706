import fc from 'fast-check'
import { SCRIPT } from '#model/author.ts'
import type { Command, CommandOutcome, CommandVerb } from '#model/command.ts'
import type { Channel, ChannelKind, DeviceEvent } from '#model/device-events.ts'
import type { GapCause } from '#model/gap.ts'
import { LOG_LINE_KINDS } from '#model/log-buffer.ts'
import type { Origin } from '#model/origin.ts'
import { TASK_STATUSES, type TaskStatus } from '#model/status.ts'
import type { StreamStateName } from '#model/stream-state.ts'
import type { TaskEvent } from '#model/task-events.ts'

/*
 * Events of tasks and devices as sources and people make them, in any order and with any values, some of which make
 * no sense. Times are a few seconds apart, and may go back.
 */

const at = fc.integer({ min: 0, max: 120_000 }).map((ms) => 1_800_000_000_000 + ms)
const count = fc.option(fc.oneof(fc.nat(50), fc.constantFrom(-1, 0.5, 1e300)), { freq: 4 })
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', '\r10 %', 'a\nb', '\u001b[A\u001b[31mred'),
)
const origin = fc.constantFrom<Origin[]>('stream', 'poll', 'command', 'inferred')
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)

const gap = fc.record(
  {
    k: fc.constant('gap' as const),
    at,
    from: at,
    to: at,
    cause: fc.constantFrom<GapCause[]>('dropped', 'disconnected', 'evicted', 'weir-away'),
    text,
    missed: fc.option(fc.nat(9)),
  },
  { requiredKeys: ['k', 'at', 'cause', 'text', 'missed'] },
)

const command: fc.Arbitrary<Command> = fc
  .record({
    // Few ids, so that most events are news of a command that is known.
    id: fc.constantFrom('c1', 'c2', 'c3', 'c4'),
    verb: fc.constantFrom<CommandVerb[]>('start', 'cancel', 'cancel', 'pause', 'resume', 'parameter'),
    sentAt: at,
    acceptedAt: fc.option(at),
    effectiveAt: fc.option(at),
    failedAt: fc.option(at),
    outcome: fc.constantFrom<CommandOutcome[]>('refused', 'not-answered', 'not-sent'),
  })
  .map(({ outcome, ...rest }) => ({
    ...rest,
    source: 'lab',
    target: 'run-1',
    text: rest.verb,
    by: SCRIPT,
    effectNote: null,
    error: rest.failedAt === null ? null : { outcome, status: null, type: 'T', message: 'm', owner: null },
  }))

/** Events of one task. */
export const taskEvent: fc.Arbitrary<TaskEvent> = fc.oneof(
  fc.record(
    {
      k: fc.constant('started' as const),
      at,
      origin,
      type: fc.option(text),
      status: fc.option(fc.constantFrom(...TASK_STATUSES)),
      params: json,
      batch: text,
      deviceIds: fc.array(text, { maxLength: 2 }),
    },
    { requiredKeys: ['k', 'at', 'origin', 'type'] },
  ),
  fc.record(
    { k: fc.constant('status' as const), at, origin, status: fc.constantFrom(...TASK_STATUSES), note: text },
    { requiredKeys: ['k', 'at', 'origin', 'status'] },
  ),
  {
    weight: 4,
    arbitrary: fc.record(
      {
        k: fc.constant('progress' as const),
        at,
        step: count,
        total: count,
        percent: count,
        message: fc.option(text),
        whole: fc.constant(true as const),
        fromLog: fc.constant(true as const),
      },
      { requiredKeys: ['k', 'at', 'step', 'total', 'percent', 'message'] },
    ),
  },
  fc.record({
    k: fc.constant('lines' as const),
    at,
    kind: fc.constantFrom(...LOG_LINE_KINDS),
    texts: fc.array(text, { maxLength: 3 }),
  }),
  gap,
  fc.record({
    k: fc.constant('stream' as const),
    at,
    state: fc.record({
      name: fc.constantFrom<StreamStateName[]>('open', 'stalled', 'closed'),
      reason: text,
      since: at,
      retryAt: fc.option(at),
    }),
  }),
  {
    weight: 3,
    arbitrary: fc.record(
      { k: fc.constant('command' as const), at, command, setting: fc.record({ key: text, value: json }) },
      { requiredKeys: ['k', 'at', 'command'] },
    ),
  },
  fc.record({
    k: fc.constant('output' as const),
    at,
    output: fc.record({
      revision: fc.nat(5),
      oldest: fc.nat(5),
      at,
      provisional: fc.boolean(),
      bytes: fc.nat(),
      json: fc.option(text),
      changed: fc.array(text, { maxLength: 2 }),
    }),
    preview: fc.constant(null),
  }),
  fc.record(
    {
      k: fc.constant('meta' as const),
      at,
      meta: fc.dictionary(text, json, { maxKeys: 2 }),
      type: text,
      params: json,
      startedAt: at,
    },
    { requiredKeys: ['k', 'at', 'meta'] },
  ),
  fc.record(
    {
      k: fc.constant('outcome' as const),
      at,
      origin,
      status: fc.constantFrom<TaskStatus[]>('completed', 'failed', 'cancelled', 'lost'),
      note: text,
      endedAt: at,
      endedOrigin: origin,
      result: fc.constant(null),
      error: fc.option(
        fc.record({
          type: text,
          message: text,
          origin: fc.constant(null),
          at: fc.option(at),
          traceback: fc.constant(null),
        }),
      ),
    },
    { requiredKeys: ['k', 'at', 'origin', 'status', 'endedAt', 'endedOrigin', 'result', 'error'] },
  ),
  fc.record({ k: fc.constant('forgotten' as const), at }),
)

const channel: fc.Arbitrary<Channel> = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  kind: fc.constantFrom<ChannelKind[]>('number', 'array', 'state'),
  role: fc.constant('value' as const),
  unit: fc.option(text),
  length: fc.nat(9),
  firstAt: at,
})

/** Events of one device. */
export const deviceEvent: fc.Arbitrary<DeviceEvent> = fc.oneof(
  gap,
  fc.record(
    {
      k: fc.constant('readings' as const),
      at,
      messages: fc.nat(9),
      size: fc.nat(999),
      channels: fc.array(channel, { maxLength: 3 }),
      latest: fc.record({ json: fc.option(text), size: fc.nat(99) }),
      age: fc.nat(999),
    },
    { requiredKeys: ['k', 'at', 'messages', 'size'] },
  ),
)
