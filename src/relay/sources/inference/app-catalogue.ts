import { appRef, functionsOf, type AppBody } from '#protocols/inference/schemas.ts'
import type { AppInfo, AppSummary, TaskSchemas } from '#protocols/weir/api.ts'
import type { AppCatalogue } from '../../source-adapter.ts'
import type { Cloud } from './cloud.ts'
import { asked } from './command-error.ts'
import { schemasOfRun } from './run-schemas.ts'

/** The apps of a workspace as pages are told them. */
export class CloudApps implements AppCatalogue {
  readonly #cloud: Cloud

  constructor(cloud: Cloud) {
    this.#cloud = cloud
  }

  async find(term: string): Promise<AppSummary[]> {
    return (await asked(() => this.#cloud.apps.find(term))).map(summaryOf)
  }

  async read(ref: string): Promise<AppInfo> {
    const app = await asked(() => this.#cloud.apps.app(ref))
    return { ...summaryOf(app), functions: functionsOf(app) }
  }

  schemasOf(task: string): Promise<TaskSchemas> {
    return asked(() => schemasOfRun(this.#cloud, task))
  }
}

function summaryOf(app: AppBody): AppSummary {
  return {
    ref: appRef(app),
    title: app.title ?? app.name,
    description: app.description ?? '',
    category: app.category,
  }
}
