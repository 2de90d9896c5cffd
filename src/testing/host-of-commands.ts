import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import { codedeployCommandsService } from '../services/codedeploy-commands/index.ts'
import type { DeployWorldOfTests } from './deploy-world.ts'
import { exchangePlain, fakeWire, type PlainReply } from './fake-wire.ts'

const hostAccount = '000000000000'

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
  const keyOf = (instanceId: string) => ({
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
    async send(operation, input, changes = {}) {
      const { isSecure = false, now = wire.clock.now(), secretAccessKey } = changes
      const body = JSON.stringify(input)
      const target = isSecure ? 'CodeDeployCommandService' : 'CodeDeployCommandService_v20141006'
      const signer = new SignatureV4({
        service: isSecure ? 'codedeploy-commands-secure' : 'codedeploy-commands',
        region: 'us-east-1',
        credentials: { ...keyOf(instanceId), ...(secretAccessKey && { secretAccessKey }) },
        sha256: Sha256 as never,
      })
      const { headers } = await signer.sign(
        {
          method: 'POST',
          protocol: 'http:',
          hostname: '127.0.0.1',
          port: 4566,
          path: '/',
          query: {},
          headers: {
            host: '127.0.0.1:4566',
            'content-type': 'application/x-amz-json-1.1',
            'x-amz-codedeploy-agent-version': 'OFFICIAL_1.8.1-1_deb',
            'x-amz-target': `${target}.${operation}`,
          },
          body,
        },
        { signingDate: new Date(now) },
      )
      return exchangePlain(wire, { headers, body })
    },
  })
}

/** What the signer asks of a hash. */
class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret)
  }
  update(chunk: string | Uint8Array): void {
    this.#hash.update(chunk)
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest())
  }
  reset(): void {}
}
