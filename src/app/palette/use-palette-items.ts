import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { openNewTask } from '#features/tasks/new-task/open-new-task.ts'
import { taskKey } from '#model/task.ts'
import { STATUS_LOOKS } from '#panels/progress/task-look.ts'
import { useStreams } from '#streams/react.tsx'
import { cycleTheme } from '../theme.ts'
import { orderTasks, taskHint, type PaletteItem } from './palette-items.ts'

/** Everything one can go to or do; the tasks as they are when the palette opens. */
export function usePaletteItems(onKeys: () => void): PaletteItem[] {
  const navigate = useNavigate()
  const streams = useStreams()
  return useMemo(() => {
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
      action('Theme', 'System, light, dark', 'moon', cycleTheme),
      action('Keys', 'Keyboard sheet', 'question', onKeys),
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
  }, [navigate, streams, onKeys])
}
