/** Where a resource lives: state is per account and region. */
export interface Scope {
  readonly account: string
  readonly region: string
}

export function isSameScope(a: Scope, b: Scope): boolean {
  return a.account === b.account && a.region === b.region
}

/** Scope of resources that belong to an account and to no region (IAM, S3 bucket names). */
export const globalRegion = 'global'

export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov'

export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn'
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  return 'aws'
}

/** The DNS suffix of a region's partition, CloudFormation's `AWS::URLSuffix`. */
export function urlSuffixOf(region: string): string {
  return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
}

/** The three zones of a region: `us-east-1a`, `us-east-1b`, `us-east-1c`. */
export function zonesOf(region: string): readonly string[] {
  return ['a', 'b', 'c'].map((letter) => region + letter)
}
