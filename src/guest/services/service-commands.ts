import { ToolFailure } from '../machine-context.ts'
import { power } from '../power/power-commands.ts'
import { ServiceControl } from './service-control.ts'

const verbs = new Set([
  'start',
  'stop',
  'restart',
  'reload',
  'status',
  'try-restart',
  'condrestart',
])

/** `systemctl VERB [--now] NAME…`: as much of it as scripts call. */
export async function systemctl(words: readonly string[]): Promise<number> {
  const [verb = '', ...names] = words.filter((word) => !word.startsWith('-'))
  if (verb === 'daemon-reload' || verb === 'daemon-reexec' || verb === 'reset-failed') return 0
  if (verb === 'poweroff' || verb === 'halt' || verb === 'reboot') return power(verb, [])
  const services = names.map((name) => new ServiceControl(name))
  if (services.length === 0) throw new ToolFailure(`systemctl ${verb}: which service?`)
  if (verb === 'is-active')
    return say(services, (one) => (one.isRunning() ? 'active' : 'inactive'), 'active')
  if (verb === 'is-enabled')
    return say(services, (one) => (one.isEnabled() ? 'enabled' : 'disabled'), 'enabled')
  for (const service of services) {
    if (verb === 'enable' || verb === 'disable') {
      service.enable(verb === 'enable')
      if (words.includes('--now')) await (verb === 'enable' ? service.start() : service.stop())
    } else {
      const code = await carryOut(service, verb)
      if (code !== 0) return code
    }
  }
  return 0
}

function say(
  services: readonly ServiceControl[],
  word: (service: ServiceControl) => string,
  good: string,
): number {
  const said = services.map(word)
  process.stdout.write(`${said.join('\n')}\n`)
  return said.every((each) => each === good) ? 0 : 3
}

/** `service NAME VERB` */
export async function service(words: readonly string[]): Promise<number> {
  const [name, verb] = words
  if (name === undefined || verb === undefined) throw new ToolFailure('usage: service NAME VERB')
  return carryOut(new ServiceControl(name), verb)
}

async function carryOut(control: ServiceControl, verb: string): Promise<number> {
  if (!verbs.has(verb)) throw new ToolFailure(`${verb} is not supported here`)
  switch (verb) {
    case 'start':
      await control.start()
      return 0
    case 'stop':
      await control.stop()
      return 0
    case 'reload':
      await control.reload()
      return 0
    case 'status':
      process.stdout.write(`${control.name} is ${control.isRunning() ? 'running' : 'stopped'}\n`)
      return control.isRunning() ? 0 : 3
    case 'restart':
      await control.restart()
      return 0
    default:
      if (control.isRunning()) await control.restart()
      return 0
  }
}

/** `chkconfig NAME on|off`, `chkconfig --add NAME` */
export async function chkconfig(words: readonly string[]): Promise<number> {
  const names = words.filter((word) => !word.startsWith('-'))
  const [name, state] = names
  if (name === undefined) throw new ToolFailure('usage: chkconfig NAME on|off')
  const control = new ServiceControl(name)
  if (words.includes('--add')) return 0
  if (words.includes('--del') || state === 'off') control.enable(false)
  else if (state === 'on') control.enable(true)
  else return control.isEnabled() ? 0 : 1
  return 0
}
