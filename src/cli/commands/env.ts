import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataDirectoryOf, readInstallation } from '../admin.ts'
import { CommandFailure, type Command } from '../command.ts'

interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Prints `export` lines for the AWS tools, from the data directory alone. */
export const env: Command = {
  name: 'env',
  summary: 'print export lines that point the AWS CLI and SDKs here: eval "$(evenkeel env)"',
  usage: '[--data-dir DIR] [--json]',
  flags: {},
  async run(call) {
    const dataDirectory = dataDirectoryOf(call)
    const installation = readInstallation(dataDirectory)
    if (!installation) {
      throw new CommandFailure(`no installation in ${dataDirectory}; 'evenkeel up' makes one`)
    }
    const keys = JSON.parse(readFileSync(join(dataDirectory, 'keys.json'), 'utf8')) as Keys
    const variables = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${installation.port}`,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_REGION: installation.region,
      AWS_DEFAULT_REGION: installation.region,
    }
    const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}\n`)
    process.stdout.write(call.switched('json') ? `${JSON.stringify(variables)}\n` : lines.join(''))
    return 0
  },
}
