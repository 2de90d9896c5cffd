import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Credentials } from '../sign-request.ts'

/** The files of AWS's agents, which ours reads too. */
const configurationFiles = {
  agent: 'codedeployagent.yml',
  onPremises: 'codedeploy.onpremises.yml',
} as const

export interface OnPremisesConfiguration {
  readonly region: string
  /** Of the user or the session: what the server calls this host. */
  readonly identityArn: string
  readonly controlUrl: string
  readonly objectsUrl: string
  /** Instead of GitHub's own: `github_endpoint_override`. */
  readonly gitHubUrl: string | undefined
  /** Read anew each time where it is a file: sessions are renewed. */
  credentials(): Credentials
}

/** Reads both files of a folder. Throws an error that names the file and the member. */
export function readConfiguration(folder: string): OnPremisesConfiguration {
  const agentFile = join(folder, configurationFiles.agent)
  const ownFile = join(folder, configurationFiles.onPremises)
  const agent = read(agentFile)
  const own = read(ownFile)
  const controlUrl = required(agent, 'deploy_control_endpoint', agentFile)
  const user = own['iam_user_arn']
  const session = own['iam_session_arn']
  if ((user === undefined) === (session === undefined)) {
    throw new Error(`${ownFile}: exactly one of iam_user_arn and iam_session_arn is needed`)
  }
  const credentialsFile =
    session === undefined ? undefined : required(own, 'aws_credentials_file', ownFile)
  const gitHub = agent['github_endpoint_override']
  const fixed = credentialsFile === undefined ? userKeys(own, ownFile) : undefined
  return {
    region: required(own, 'region', ownFile),
    identityArn: user ?? session ?? '',
    controlUrl: withoutSlash(controlUrl),
    objectsUrl: withoutSlash(agent['s3_endpoint_override'] ?? controlUrl),
    gitHubUrl: gitHub === undefined ? undefined : withoutSlash(gitHub),
    credentials: () => fixed ?? readProfile(credentialsFile ?? ''),
  }
}

type Settings = Readonly<Record<string, string>>

/** AWS writes its agent's settings with Ruby's colon before the name, and the on-premises ones without. */
function read(path: string): Settings {
  const value: unknown = parse(readFileSync(path, 'utf8')) ?? {}
  if (typeof value !== 'object') throw new Error(`${path} holds no settings`)
  return Object.fromEntries(
    Object.entries(value as object).map(([name, setting]) => [
      name.replace(/^:/, ''),
      String(setting),
    ]),
  )
}

function required(settings: Settings, name: string, path: string): string {
  const value = settings[name]
  if (value === undefined || value === '') throw new Error(`${path}: ${name} is missing`)
  return value
}

function userKeys(settings: Settings, path: string): Credentials {
  return {
    accessKeyId: required(settings, 'aws_access_key_id', path),
    secretAccessKey: required(settings, 'aws_secret_access_key', path),
  }
}

/** The `default` profile of an INI file. */
function readProfile(path: string): Credentials {
  const settings: Record<string, string> = {}
  let section = 'default'
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const heading = /^\s*\[(.+)\]\s*$/.exec(line)?.[1]
    if (heading !== undefined) section = heading.trim()
    const pair = /^\s*([a-z_]+)\s*=\s*(\S+)\s*$/.exec(line)
    if (pair?.[1] !== undefined && section === 'default') settings[pair[1]] = pair[2] ?? ''
  }
  const sessionToken = settings['aws_session_token']
  return { ...userKeys(settings, path), ...(sessionToken !== undefined && { sessionToken }) }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
