import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { openNewTask } from '#features/tasks/new-task/open-new-task.ts'
import { deviceKey } from '#model/device.ts'
import { taskKey } from '#model/task.ts'
import { askToStop } from '#panels/command/stop-question.ts'
import { STATUS_LOOKS } from '#panels/progress/task-look.ts'
import { useList, useStreams } from '#streams/react.tsx'
import { cycleTheme } from '../theme.ts'
import { orderDevices, orderTasks, taskHint, type PaletteItem } from './palette-items.ts'

/** Everything one can go to or do; tasks and devices as they are when it opens. */
export function usePaletteItems(onKeys: () => void): PaletteItem[] {
  const navigate = useNavigate()
  const streams = useStreams()
  // Other screens do not watch the devices: they may come a moment later.
  const deviceKeys = useList('devices', (list) => JSON.stringify([...list.items.keys()]))
  return useMemo(() => {
    const known = streams.list('devices').store.getState().items
    const devices = (JSON.parse(deviceKeys) as string[]).flatMap((key) => known.get(key) ?? [])
    const screen = (
      label: string,
      to: '/' | '/batches' | '/devices' | '/wall' | '/sources',
      icon: PaletteItem['icon'],
    ): PaletteItem => ({
      key: to,
      group: 'Screens',
      icon,
      label,
      hint: 'Go to',
      run: () => void navigate({ to }),
    })
    const action = (
      label: string,
      hint: string,
      icon: PaletteItem['icon'],
      run: () => void,
    ): PaletteItem => ({
      key: label,
      group: 'Actions',
      icon,
      label,
      hint,
      run,
    })
    return [
      screen('Tasks', '/', 'tasks'),
      screen('Batches', '/batches', 'grid'),
      screen('Devices', '/devices', 'device'),
      screen('Wall', '/wall', 'wall'),
      screen('Sources', '/sources', 'source'),
      action('New task', 'Start something', 'plus', openNewTask),
      action(
        'Add device',
        'To a source that has devices',
        'plus',
        () => void navigate({ to: '/devices', search: { add: 'device' } }),
      ),
      action(
        'Running tasks',
        'Filter',
        'filter',
        () => void navigate({ to: '/', search: { status: 'running' } }),
      ),
      action(
        'Failed tasks',
        'Filter',
        'filter',
        () => void navigate({ to: '/', search: { status: 'failed' } }),
      ),
      action(
        'Streaming devices',
        'Filter',
        'filter',
        () => void navigate({ to: '/devices', search: { state: 'streaming' } }),
      ),
      action('Stop all', 'Cancel every unfinished task', 'stop', () => {
        askToStop({ kind: 'all' })
      }),
      action('Theme', 'System, light, dark', 'moon', cycleTheme),
      action('Keys', 'Keyboard sheet', 'question', onKeys),
      ...orderDevices(devices).map((device): PaletteItem => ({
        key: `device ${deviceKey(device)}`,
        group: 'Devices',
        icon: 'device',
        label: device.id,
        hint: `${device.connected ? 'Connected' : 'Not connected'} · ${device.source} · ${device.type}`,
        run: () =>
          void navigate({
            to: '/devices/$source/$deviceId',
            params: { source: device.source, deviceId: device.id },
          }),
      })),
      ...orderTasks(streams.list('tasks').store.getState().items.values()).map((task): PaletteItem => ({
        key: taskKey(task),
        group: 'Tasks',
        icon: STATUS_LOOKS[task.status].icon,
        label: task.id,
        hint: taskHint(task),
        run: () =>
          void navigate({ to: '/tasks/$source/$taskId', params: { source: task.source, taskId: task.id } }),
      })),
    ]
  }, [navigate, streams, onKeys, deviceKeys])
}
