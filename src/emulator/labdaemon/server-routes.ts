import type { Daemon } from './daemon.ts'
import { errorResponse, json } from './http.ts'
import type { Route } from './http.ts'
import type { Streams } from './streams.ts'
import { timestamp } from './time.ts'

/** The operations on the server itself (LabDaemon wire contract §3). */
export function serverRoutes(now: () => number): Route[] {
  return [
    {
      method: 'GET',
      path: '/',
      handle: () =>
        json({
          name: 'LabDaemon Server',
          version: '0.2.0',
          phase: '2 (full-control)',
          endpoints: {
            devices: '/devices',
            device_detail: '/devices/{device_id}',
            device_methods: '/devices/{device_id}/methods',
            device_error: '/devices/{device_id}/error',
            clear_device_error: '/devices/{device_id}/error',
            device_call: '/devices/{device_id}/call',
            add_device: '/devices',
            connect_device: '/devices/{device_id}/connect',
            disconnect_device: '/devices/{device_id}/disconnect',
            health: '/health',
            tasks: '/tasks',
            execute_task: '/tasks',
            task_detail: '/tasks/{task_id}',
            task_error: '/tasks/{task_id}/error',
            clear_task_error: '/tasks/{task_id}/error',
            cancel_task: '/tasks/{task_id}/cancel',
            pause_task: '/tasks/{task_id}/pause',
            resume_task: '/tasks/{task_id}/resume',
            set_task_parameter: '/tasks/{task_id}/parameters',
            device_stream: '/stream/devices/{device_id}',
            stop_device_stream: '/devices/{device_id}/stream/stop',
          },
        }),
    },
    {
      method: 'GET',
      path: '/health',
      handle: () => json({ status: 'healthy', timestamp: timestamp(now()) }),
    },
  ]
}

/** The one streaming operation (LabDaemon wire contract §4). */
export function streamRoute(daemon: Daemon, streams: Streams): Route {
  return {
    method: 'GET',
    path: '/stream/devices/{id}',
    handle: ({ id, request }) => {
      const device = daemon.devices.get(id)
      if (!device)
        return errorResponse(
          daemon.host.timers.now(),
          404,
          'DeviceNotFound',
          `No device found with ID: '${id}'`,
        )
      const objection = streams.objection(device, daemon.ownership.ownerOf(id))
      if (objection !== undefined)
        return new Response(objection, {
          status: 500,
          headers: { 'content-type': 'text/plain; charset=utf-8' },
        })
      const body = streams.open(device)
      request.signal.addEventListener('abort', () => body.hangUp(request.signal.reason), { once: true })
      return new Response(body.readable, {
        headers: {
          server: 'uvicorn',
          'cache-control': 'no-cache',
          'x-accel-buffering': 'no',
          'content-type': 'text/event-stream; charset=utf-8',
        },
      })
    },
  }
}
