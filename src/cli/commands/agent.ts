import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openAdmin, type Admin } from '../admin.ts'
import { agentSettings, agentUnit, installLine, onPremisesSettings } from '../agent-files.ts'
import { deregisterServer, registerServer } from '../agent-registration.ts'
import { superviseAgent } from '../agent-supervisor.ts'
import { UsageError, type Command, type CommandCall } from '../command.ts'

const program = new URL('../main.ts', import.meta.url).pathname

export const agent: Command = {
  name: 'agent',
  summary: 'deploy to a server of your own: register it, run its agent, or point AWS’s agent here',
  usage:
    'register NAME [--tag KEY=VALUE]... | deregister NAME | config | run --config-dir DIR [--root DIR]',
  flags: {
    tag: { kind: 'list', help: 'KEY=VALUE, what deployment groups find the server by' },
    'config-dir': {
      kind: 'text',
      help: 'register: write the files there; run: read them (codedeployagent.yml, codedeploy.onpremises.yml)',
    },
    endpoint: { kind: 'text', help: 'the URL by which the server reaches this installation' },
    root: { kind: 'text', help: 'run: keep everything below this folder', standard: '/' },
  },
  async run(call) {
    const [what, name] = call.positionals
    switch (what ?? '') {
      case 'register':
        return register(call, nameOf(name))
      case 'deregister':
        await deregisterServer(openAdmin(call), nameOf(name))
        process.stdout.write(`${nameOf(name)} is deregistered, its user is gone\n`)
        return 0
      case 'config':
        return printConfig(call)
      case 'run': {
        const folder = call.text('config-dir')
        if (!folder) throw new UsageError('agent run needs --config-dir')
        return superviseAgent(folder, call.text('root') ?? '/')
      }
      default:
        throw new UsageError('agent register, deregister, config or run')
    }
  },
}

function nameOf(name: string | undefined): string {
  if (name === undefined) throw new UsageError('name the server')
  return name
}

function endpointOf(call: CommandCall, admin: Admin): string {
  return call.text('endpoint') ?? `http://127.0.0.1:${admin.installation.port}`
}

async function register(call: CommandCall, name: string): Promise<number> {
  const tags = call.list('tag').map((text) => {
    const at = text.indexOf('=')
    if (at < 1) throw new UsageError(`--tag is KEY=VALUE, not '${text}'`)
    return { Key: text.slice(0, at), Value: text.slice(at + 1) }
  })
  const admin = openAdmin(call)
  const identity = await registerServer(admin, name, tags)
  const files = {
    'codedeployagent.yml': agentSettings(endpointOf(call, admin)),
    'codedeploy.onpremises.yml': onPremisesSettings(identity),
  }
  const folder = call.text('config-dir')
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (const [file, content] of Object.entries(files)) {
      writeFileSync(join(folder, file), content, { mode: 0o600 })
    }
  }
  if (call.switched('json')) {
    process.stdout.write(`${JSON.stringify({ name, userArn: identity.userArn, files })}\n`)
  } else if (folder === undefined) {
    process.stdout.write(
      `# ${name} is registered. On the server, as root; it holds a secret:\n${installLine(files)}\n`,
    )
  } else {
    process.stdout.write(`${name} is registered; the files of its agent are in ${folder}\n`)
  }
  return 0
}

async function printConfig(call: CommandCall): Promise<number> {
  const admin = openAdmin(call)
  const identity = {
    region: admin.installation.region,
    userArn: `arn:aws:iam::${admin.installation.account}:user/AWS/CodeDeploy/NAME`,
    accessKeyId: 'KEY',
    secretAccessKey: 'SECRET',
  }
  const parts = [
    ['/etc/codedeploy-agent/conf/codedeployagent.yml', agentSettings(endpointOf(call, admin))],
    [
      "/etc/codedeploy-agent/conf/codedeploy.onpremises.yml ('evenkeel agent register NAME' fills it in)",
      onPremisesSettings(identity),
    ],
    [
      '/etc/systemd/system/evenkeel-agent.service, for our agent instead of AWS’s',
      agentUnit(program),
    ],
  ] as const
  for (const [title, content] of parts) process.stdout.write(`# ${title}\n${content}\n`)
  return 0
}
