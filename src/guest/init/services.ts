import { ToolFailure } from '../machine-context.ts'
import { ServiceControl } from '../services/service-control.ts'
import { isTrue, listOf, sectionOf } from './config-sets.ts'
import type { InitRun } from './init-run.ts'

const formats = ['sysvinit', 'systemd']

/** Enables, starts, stops and restarts services. Throws a `ToolFailure` naming the one that does not. */
export async function applyServices(run: InitRun, value: unknown): Promise<void> {
  for (const [format, services] of Object.entries(sectionOf(value, 'services'))) {
    if (!formats.includes(format))
      throw new ToolFailure(`services of ${format} are not supported here`)
    for (const [name, given] of Object.entries(sectionOf(services, `services.${format}`))) {
      if (run.machine.root !== '') {
        throw new ToolFailure(`service ${name}: machines of the process driver have no services`)
      }
      await applyService(run, name, sectionOf(given, name))
    }
  }
}

async function applyService(
  run: InitRun,
  name: string,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const control = new ServiceControl(name)
  const { enabled, ensureRunning } = given
  if (enabled !== undefined) control.enable(isTrue(enabled))
  if (control.isRunning() && isTouched(run, given)) {
    await control.restart()
    run.machine.log(`service ${name} was restarted, because what it depends on changed`)
  }
  if (ensureRunning === undefined) return
  if (isTrue(ensureRunning)) await control.start()
  else if (control.isRunning()) await control.stop()
  run.machine.log(`service ${name} is ${control.isRunning() ? 'running' : 'stopped'}`)
}

function isTouched({ changed }: InitRun, given: Readonly<Record<string, unknown>>): boolean {
  const packages = Object.entries(sectionOf(given['packages'], 'packages')).flatMap(
    ([format, names]) => listOf(names).map((name) => `${format}/${name}`),
  )
  return (
    listOf(given['files']).some((name) => changed.files.has(name)) ||
    listOf(given['sources']).some((name) => changed.sources.has(name)) ||
    listOf(given['commands']).some((name) => changed.commands.has(name)) ||
    packages.some((name) => changed.packages.has(name))
  )
}
