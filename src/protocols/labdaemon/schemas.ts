import * as z from 'zod/mini'
import { bounded } from '#lib/detached.ts'
import { momentOf } from '#lib/moment.ts'
import { LONGEST_TRACEBACK } from '#model/task.ts'

/*
 * Bodies of a LabDaemon server (LabDaemon wire contract §2, §3). Schemas ask for what Weir needs and let
 * the rest pass, so that a newer server with more fields still reads.
 */

/** An id as a list has it. Numbers and booleans are listed, but no address finds them (§2). */
const wireId = z.union([z.string(), z.number(), z.boolean()])

/** Characters of an error's words that are kept. */
export const LONGEST_WORDS = 20_000

function shortText(longest: number) {
  return z.pipe(
    z.string(),
    z.transform((text) => bounded(text, longest)),
  )
}

/** The body of LabDaemon's own errors. */
export const errorBody = z.object({
  error: z.object({
    type: shortText(200),
    message: shortText(LONGEST_WORDS),
    origin: z.nullish(z.string()),
    timestamp: z.nullish(z.string()),
    traceback: z.nullish(shortText(LONGEST_TRACEBACK)),
    context: z.nullish(z.record(z.string(), z.unknown())),
  }),
})

/** What the framework under it answers: an unknown path (string) or a body it cannot read (422, list). */
export const frameworkError = z.object({
  detail: z.union([
    z.string(),
    z.array(z.object({ msg: z.string(), loc: z.optional(z.array(z.union([z.string(), z.number()]))) })),
  ]),
})

export const rootBody = z.object({
  name: z.string(),
  endpoints: z.record(z.string(), z.string()),
})

export const healthBody = z.object({ status: z.string(), timestamp: z.string() })

export const deviceBody = z.object({
  device_id: z.string(),
  device_type: z.string(),
  connected: z.boolean(),
  streaming: z.boolean(),
  owned_by: z.nullable(z.string()),
  last_error: z.nullish(errorBody),
})
export type DeviceBody = z.infer<typeof deviceBody>

/** A row of the devices' list, as `taskRow`. */
export const deviceRow = z.extend(deviceBody, { device_id: wireId, owned_by: z.nullable(wireId) })

export const devicesBody = z.object({ devices: z.array(z.unknown()) })

export const methodsBody = z.object({
  methods: z.array(
    z.object({
      name: z.string(),
      parameters: z.array(
        z.object({
          name: z.string(),
          type: z.string(),
          required: z.boolean(),
          default: z.optional(z.unknown()),
        }),
      ),
      doc: z.nullish(z.string()),
    }),
  ),
})

/** connect and disconnect answer in two shapes; both carry these. */
export const connectionBody = z.object({
  device_id: z.string(),
  connected: z.boolean(),
  message: z.optional(z.string()),
})

export const callBody = z.object({ result: z.unknown(), success: z.boolean() })

export const streamStopBody = z.object({ status: z.string(), device_id: z.string() })

/** A row of the list; its id may be one that cannot be addressed. */
export const taskRow = z.object({ task_id: wireId, task_type: z.string(), running: z.boolean() })
export type TaskRow = Omit<z.infer<typeof taskRow>, 'task_id'> & { task_id: string }

export const tasksBody = z.object({ tasks: z.array(z.unknown()) })

export const taskBody = z.object({
  task_id: z.string(),
  task_type: z.string(),
  running: z.boolean(),
  result: z.unknown(),
  exception: z.nullable(errorBody),
})
export type TaskBody = z.infer<typeof taskBody>

export const startBody = z.object({
  task_id: z.string(),
  task_type: z.string(),
  device_ids: z.array(z.string()),
  status: z.string(),
})

/** Answers to cancel, pause, resume and parameters. */
export const statusBody = z.object({ status: z.string() })

/** `stream_error` of a stream (§4). */
export const streamErrorBody = z.object({
  device_id: z.optional(z.string()),
  error: z.object({ type: shortText(200), message: shortText(LONGEST_WORDS) }),
})

/** ms since epoch of a LabDaemon time ("2026-11-20T22:46:27+00:00"), by its clock; null when there is none. */
export function timeOf(text: string | null | undefined): number | null {
  return text ? momentOf(Date.parse(text)) : null
}
