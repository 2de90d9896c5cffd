import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { applyGroups, applyUsers } from './init/accounts.ts'
import { readAuthentications } from './init/authentication.ts'
import { applyCommands } from './init/commands.ts'
import { configsOf, sectionOf, type Config, type Section } from './init/config-sets.ts'
import { applyFiles } from './init/files.ts'
import { newInitRun, type InitRun } from './init/init-run.ts'
import { applyPackages } from './init/packages.ts'
import { applyServices } from './init/services.ts'
import { applySources } from './init/sources.ts'
import { machineContext, ToolFailure, type MachineContext } from './machine-context.ts'
import { stackClient } from './stack-client.ts'
import { toolOptions, type ToolOptions } from './tool-options.ts'

const own = {
  configsets: { type: 'string', short: 'c' },
  resume: { type: 'boolean' },
} as const

/** Makes the machine what AWS::CloudFormation::Init of a resource says: `cfn-init -s STACK -r RESOURCE [-c SET,…] [FILE]`. */
export async function cfnInit(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const options = toolOptions(words, own)
  if (options.has('resume')) throw new ToolFailure('--resume is of Windows alone')
  const url = options.value('url')
  const machine = machineContext(environment, { logFile: '/var/log/cfn-init.log', url })
  try {
    const metadata = await metadataOf(machine, options)
    const init = metadata['AWS::CloudFormation::Init']
    if (init === undefined)
      throw new ToolFailure('there is no AWS::CloudFormation::Init in the metadata')
    const sections = sectionOf(init, 'AWS::CloudFormation::Init')
    const sets = options.value('configsets')?.split(/\s*,\s*/) ?? ['default']
    const authentications = readAuthentications(metadata['AWS::CloudFormation::Authentication'])
    for (const name of configsOf(sections, sets)) {
      machine.log(`config ${name}`)
      await applyConfig(newInitRun(machine, authentications), sections, name)
    }
    machine.log('ConfigSets completed')
    return 0
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    machine.log(`Error encountered during build: ${reason}`, 'ERROR')
    if (!(thrown instanceof ToolFailure)) throw new ToolFailure(reason)
    throw new ToolFailure(`Error occurred during build: ${reason}`)
  }
}

/** AWS's order. */
async function applyConfig(run: InitRun, sections: Section, name: string): Promise<void> {
  const config: Config = sectionOf(sections[name], name)
  const unknown = Object.keys(config).find((section) => !known.has(section))
  if (unknown !== undefined) throw new ToolFailure(`config ${name} has a section ${unknown}`)
  await applyPackages(run, config['packages'])
  applyGroups(run, config['groups'])
  applyUsers(run, config['users'])
  await applySources(run, config['sources'])
  await applyFiles(run, config['files'])
  applyCommands(run, config['commands'])
  await applyServices(run, config['services'])
}

const known = new Set(['packages', 'groups', 'users', 'sources', 'files', 'commands', 'services'])

/** Of a file, or of the stack's resource; kept on disk as AWS's tool does, for scripts that read it. */
async function metadataOf(machine: MachineContext, options: ToolOptions): Promise<Section> {
  const [file] = options.words
  if (file !== undefined) return JSON.parse(readFileSync(machine.path(file), 'utf8')) as Section
  const stack = options.value('stack')
  const resource = options.value('resource')
  if (stack === undefined || resource === undefined) {
    throw new ToolFailure('cfn-init needs --stack and --resource, or a file of metadata')
  }
  const { metadata } = await stackClient(machine, options).describe(stack, resource)
  const path = machine.path('/var/lib/cfn-init/data/metadata.json')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(metadata, null, 4)}\n`, { mode: 0o600 })
  return metadata
}
