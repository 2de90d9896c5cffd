import type { Ec2Operation } from '../deps.ts'

/** Never: volumes are folders of the host, and encrypted ones are refused. */
export const getEbsEncryptionByDefault: Ec2Operation<'GetEbsEncryptionByDefault'> = {
  accepts: {},
  async handle() {
    return { EbsEncryptionByDefault: false }
  },
}
