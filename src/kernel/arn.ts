import { partitionOf, type Scope } from './scope.ts'

export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** `arn:<partition>:<service>:<region>:<account>:<resource>` of a regional resource. */
export function arnOf(service: string, scope: Scope, resource: string): string {
  return `arn:${partitionOf(scope.region)}:${service}:${scope.region}:${scope.account}:${resource}`
}

/** The ARN of a resource without a region, such as a role: `arn:aws:iam::123456789012:role/web`. */
export function globalArnOf(service: string, scope: Scope, resource: string): string {
  return `arn:${partitionOf(scope.region)}:${service}::${scope.account}:${resource}`
}

/** The parts of an ARN, or undefined when the text is not one. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text)
  if (!match) return undefined
  const [, partition = '', service = '', region = '', account = '', resource = ''] = match
  return { partition, service, region, account, resource }
}
