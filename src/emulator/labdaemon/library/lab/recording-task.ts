import { PyError } from '../../python-error.ts'
import type { Run, TaskClass } from '../../task.ts'
import { taskClass } from '../bench-tasks.ts'
import { openStream, progress } from '../progress-task.ts'

/** Steps without a block after which the recording is given up. */
const PATIENCE = 10

/**
 * Records for hours what a device of its own streams to it, and nothing while somebody else streams from that
 * device (LabDaemon wire contract §5.5).
 */
export const recordingTaskClass: readonly [string, TaskClass] = taskClass('StreamRecordingTask', (params) => {
  const [first] = [params.raw('devices', 'device_ids')].flat()
  const deviceId = typeof first === 'string' ? first : params.text('digitizer1', 'device_id', 'daq_id')
  const steps = params.steps(3_600)
  const delay = params.delay(1)
  return {
    deviceIds: [deviceId],
    *run(context): Run {
      const send = yield* openStream(context, params, true)
      const { streaming } = context.device(deviceId)
      if (!streaming) throw new PyError('DeviceError', `Device '${deviceId}' does not support streaming`)
      let blocks = 0
      let before = 0
      let silent = 0
      streaming.start(() => blocks++)
      const end = (status: string) => {
        streaming.stop()
        return { status, blocks }
      }
      for (let step = params.integer(0, 'start_at'); step < steps; step++) {
        yield context.sleepUnlessCancelled(delay)
        yield context.resumed()
        if (context.isCancelled) return end('cancelled')
        const got = blocks - before
        before = blocks
        silent = got === 0 ? silent + 1 : 0
        send(
          progress(
            step,
            steps,
            got,
            got === 0 ? `no blocks from ${deviceId}` : `${got} blocks, ${blocks} in all`,
          ),
        )
        if (silent === PATIENCE) {
          streaming.stop()
          throw new PyError(
            'DeviceTimeoutError',
            `${deviceId}: no block for ${PATIENCE} steps, recording given up`,
          )
        }
      }
      return end('completed')
    },
  }
})
