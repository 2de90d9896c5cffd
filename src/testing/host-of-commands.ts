import { signRequest, type Credentials } from '../agent/sign-request.ts'
import { codedeployCommandsService } from '../services/codedeploy-commands/index.ts'
import type { DeployWorldOfTests } from './deploy-world.ts'
import { exchangePlain, fakeWire, type PlainReply } from './fake-wire.ts'

export const hostAccount = '000000000000'

/** An agent of a simulated host: what it sends, and the answer as it stood on the wire. */
export interface HostOfCommands {
  readonly arn: string
  /** As the agents sign and frame their requests. */
  send(operation: string, input: object, changes?: SendChanges): Promise<PlainReply>
}

export interface SendChanges {
  /** `enable_auth_policy: true`: another target, another signing name. */
  readonly isSecure?: boolean
  readonly secretAccessKey?: string
  readonly now?: number
}

/** Hosts of a deploy world before the host-command service, signatures checked. Each has the session that the metadata service gives it. */
export function hostsOfCommands(world: DeployWorldOfTests): (instanceId: string) => HostOfCommands {
  const keyOf = (instanceId: string): Credentials => ({
    accessKeyId: `ASIA${instanceId.toUpperCase()}`,
    secretAccessKey: `secret of ${instanceId}`,
    sessionToken: `token of ${instanceId}`,
  })
  const wire = fakeWire([codedeployCommandsService({ deploy: world.deploy })], {
    credentials: {
      async find(accessKeyId) {
        const instanceId = accessKeyId.replace(/^ASIA/, '').toLowerCase()
        if (!/^i-\d+$/.test(instanceId)) return undefined
        const key = keyOf(instanceId)
        const arn = `arn:aws:sts::${hostAccount}:assumed-role/web/${instanceId}`
        return { ...key, principal: { arn, account: hostAccount, userId: 'AROA', accessKeyId } }
      },
    },
  })
  return (instanceId) => ({
    arn: `arn:aws:ec2:us-east-1:${hostAccount}:instance/${instanceId}`,
    send(operation, input, changes = {}) {
      const { isSecure = false, now = wire.clock.now(), secretAccessKey } = changes
      const body = JSON.stringify(input)
      const target = isSecure ? 'CodeDeployCommandService' : 'CodeDeployCommandService_v20141006'
      const headers = signRequest(
        {
          method: 'POST',
          url: new URL('http://127.0.0.1:4566/'),
          headers: {
            'content-type': 'application/x-amz-json-1.1',
            'x-amz-codedeploy-agent-version': 'OFFICIAL_1.8.1-1_deb',
            'x-amz-target': `${target}.${operation}`,
          },
          body,
        },
        {
          region: 'us-east-1',
          service: isSecure ? 'codedeploy-commands-secure' : 'codedeploy-commands',
          credentials: { ...keyOf(instanceId), ...(secretAccessKey && { secretAccessKey }) },
          now,
        },
      )
      return exchangePlain(wire, { headers, body })
    },
  })
}
