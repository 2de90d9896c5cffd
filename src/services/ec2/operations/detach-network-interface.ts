import { valuesOf } from '../../../network/lookup.ts'
import { networkInterfaces } from '../../../network/records.ts'
import { attachmentNotFound, primaryInterface } from '../errors.ts'
import { required } from '../input.ts'
import { attachmentIdOf } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

/** Refused in the words of EC2 for an instance's first interface: here there is no other. */
export const detachNetworkInterface: Ec2Operation<'DetachNetworkInterface'> = {
  accepts: { AttachmentId: true, Force: true },
  async handle(input, { scope }, { store }) {
    const id = required(input.AttachmentId, 'attachmentId')
    const all = await valuesOf(store, networkInterfaces, scope)
    const isTaken = all.some(
      ({ interfaceId, machineId }) => machineId && attachmentIdOf(interfaceId) === id,
    )
    throw isTaken ? primaryInterface() : attachmentNotFound(id)
  },
}
