import { Buffer } from 'node:buffer'

/** Who a registered server's agent signs as. */
export interface AgentIdentity {
  readonly region: string
  readonly userArn: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** `codedeployagent.yml`: AWS's agents 1.8 and 2.x and ours take the same. */
export function agentSettings(endpoint: string): string {
  const isPlain = endpoint.startsWith('http:')
  return [
    '---',
    ':log_dir: /var/log/aws/codedeploy-agent/',
    ':pid_dir: /opt/codedeploy-agent/state/.pid/',
    ':program_name: codedeploy-agent',
    ':root_dir: /opt/codedeploy-agent/deployment-root',
    ':on_premises_config_file: /etc/codedeploy-agent/conf/codedeploy.onpremises.yml',
    ':wait_between_runs: 1',
    ':max_revisions: 5',
    `:deploy_control_endpoint: ${endpoint}`,
    `:s3_endpoint_override: ${endpoint}`,
    // The 1.8 agent asks for TLS at its start, even of a plain endpoint, unless it runs with this profile.
    ...(isPlain ? [':codedeploy_test_profile: beta'] : []),
    '',
  ].join('\n')
}

/** `codedeploy.onpremises.yml`. */
export function onPremisesSettings(identity: AgentIdentity): string {
  return [
    '---',
    `region: ${identity.region}`,
    `iam_user_arn: ${identity.userArn}`,
    `aws_access_key_id: ${identity.accessKeyId}`,
    `aws_secret_access_key: ${identity.secretAccessKey}`,
    '',
  ].join('\n')
}

const settingsFolder = '/etc/codedeploy-agent/conf'

/** One line for a shell on the server: writes both files. */
export function installLine(files: Readonly<Record<string, string>>): string {
  const writes = Object.entries(files).map(
    ([name, content]) =>
      `echo ${Buffer.from(content).toString('base64')} | base64 -d > ${settingsFolder}/${name}`,
  )
  return ['umask 077', `mkdir -p ${settingsFolder}`, ...writes].join(' && ')
}

/** A unit that keeps our agent running. */
export function agentUnit(program: string): string {
  return [
    '[Unit]',
    'Description=Evenkeel deployment agent',
    'After=network-online.target',
    '',
    '[Service]',
    `ExecStart=${process.execPath} ${program} agent run --config-dir ${settingsFolder}`,
    'Restart=always',
    'RestartSec=1',
    '# Hooks go on while the agent is restarted.',
    'KillMode=process',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n')
}
