import { publish } from '../app.ts'
import type { App } from '../app.ts'
import { census } from './data.ts'
import { blackbox, riddle, workbench } from './forms.ts'
import { atlas, landscape } from './landscape.ts'
import { helper, narrator, oracle } from './language.ts'
import { chime, press, tide } from './press.ts'
import { logmill, trainer } from './training.ts'
import { breaks, sleeper, trickster, vault } from './troubles.ts'

/** All apps, those of the recordings first and in their order. */
export const APPS: readonly App[] = [
  landscape,
  narrator,
  press,
  breaks,
  sleeper,
  vault,
  trainer,
  oracle,
  atlas,
  tide,
  chime,
  census,
  workbench,
  logmill,
  helper,
  riddle,
  blackbox,
  trickster,
].map(publish)

/** `weirdemo/name` or an id, with an optional `@version` and `:function` (inference.sh wire contract §1). */
export function findApp(reference: string): { app: App; version: string; fn: string } | undefined {
  const [, path = '', version = '', fn = ''] = /^([^@:]+)(?:@([^:]*))?(?::(.*))?$/.exec(reference) ?? []
  const app = APPS.find(({ id, name }) => id === path || `weirdemo/${name}` === path)
  return app && { app, version, fn }
}
