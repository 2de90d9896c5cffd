import type { Ec2Operation } from '../deps.ts'

/** An account has none of its own here: each launch says what it wants, or has EC2's old defaults. */
export const getInstanceMetadataDefaults: Ec2Operation<'GetInstanceMetadataDefaults'> = {
  accepts: {},
  async handle() {
    return { AccountLevel: {} }
  },
}
