import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHostClient } from '../drivers/host-client/index.ts'
import { warmStart } from '../drivers/warm-start/index.ts'
import { reasonOf } from '../kernel/errors.ts'
import { lineLog } from '../kernel/system/log.ts'
import { sockets, type InstallationFile } from '../protocol/run-directory.ts'
import { runAgent } from './agent.ts'
import { commandsClient, type Endpoint } from './commands-client.ts'
import { gitHubUrl } from './fetch-commit.ts'
import type { Credentials } from './sign-request.ts'

warmStart()
const [dataDirectory] = process.argv.slice(2)
if (dataDirectory === undefined) throw new Error('usage: agent DATA_DIR')
const installation = JSON.parse(
  readFileSync(join(dataDirectory, 'instance.json'), 'utf8'),
) as InstallationFile
const log = lineLog('agent')
process.on('uncaughtException', (error) => {
  log.write('error', 'unexpected', { reason: reasonOf(error), stack: error.stack })
})

/** Bundles on their way; what a killed agent left is of no use to anyone. */
const directory = join(dataDirectory, 'agent')
rmSync(directory, { recursive: true, force: true })
mkdirSync(directory, { recursive: true, mode: 0o700 })

const endpoint: Endpoint = {
  url: `http://127.0.0.1:${installation.port}`,
  region: installation.region,
  credentials: async (account) => readCredentials(account),
}

/** Written by the server, 0600. Without authentication an access key that is an account's id selects the account. */
function readCredentials(account: string): Credentials {
  if (installation.authentication === 'off') {
    return { accessKeyId: account, secretAccessKey: 'not-checked' }
  }
  const file = join(dataDirectory ?? '', 'agent-credentials.json')
  return JSON.parse(readFileSync(file, 'utf8')) as Credentials
}

const ownProgram = fileURLToPath(new URL('./inside/main.ts', import.meta.url))
const isIsolated = installation.driver === 'namespaces'
const stopped = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => stopped.abort())
}

await runAgent(
  {
    inside: {
      compute: createHostClient({
        socketPath: join(installation.runDirectory, sockets.host),
        epoch: () => 0,
      }),
      node: isIsolated ? '/opt/evenkeel/bin/node' : process.execPath,
      program: isIsolated ? '/opt/evenkeel/app/src/agent/inside/main.ts' : ownProgram,
      cache: isIsolated ? '/opt/codedeploy-agent/cache' : join(directory, 'cache'),
      sessions: new Map(),
    },
    endpoint,
    gitHubUrl: installation.gitHubUrl ?? gitHubUrl,
    directory,
    known: new Map(),
    commands: commandsClient(endpoint, installation.account),
    log,
  },
  stopped.signal,
)
process.exit(0)
