import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reasonOf } from '../../kernel/errors.ts'
import { lineLog } from '../../kernel/system/log.ts'
import { runAgent } from '../agent.ts'
import { commandsClient, type Endpoint } from '../commands-client.ts'
import { gitHubUrl } from '../fetch-commit.ts'
import { localMachine } from './local-machine.ts'
import { readConfiguration } from './read-configuration.ts'

/** The agent of one registered server: `main.ts CONFIGURATION_FOLDER [ROOT]`. Polls the endpoint itself, with keys of its own. */
const [folder, rootText = '/'] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: on-premises CONFIGURATION_FOLDER [ROOT]')
const root = resolve(rootText)
const log = lineLog('agent')
process.on('uncaughtException', (error) => {
  log.write('error', 'unexpected', { reason: reasonOf(error), stack: error.stack })
})

const configuration = readConfiguration(folder)
const { region, identityArn } = configuration
const home = join(root, 'opt/codedeploy-agent')
const directory = join(home, 'incoming')
rmSync(directory, { recursive: true, force: true })
mkdirSync(directory, { recursive: true, mode: 0o700 })
const state = join(home, 'state/.pid')
mkdirSync(state, { recursive: true })
writeFileSync(join(state, 'codedeploy-agent.pid'), `${process.pid}\n`)

const endpointAt = (url: string): Endpoint => ({
  url,
  region,
  credentials: async () => configuration.credentials(),
})
const stopped = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => stopped.abort())
}
log.write('info', 'agent begins', { host: identityArn, endpoint: configuration.controlUrl, root })
await runAgent(
  {
    inside: {
      compute: localMachine(identityArn, root),
      node: process.execPath,
      program: fileURLToPath(new URL('../inside/main.ts', import.meta.url)),
      cache: join(home, 'cache'),
      sessions: new Map(),
    },
    endpoint: endpointAt(configuration.objectsUrl),
    gitHubUrl: configuration.gitHubUrl ?? gitHubUrl,
    directory,
    known: new Map(),
    commands: commandsClient(endpointAt(configuration.controlUrl), ''),
    log,
  },
  stopped.signal,
)
process.exit(0)
