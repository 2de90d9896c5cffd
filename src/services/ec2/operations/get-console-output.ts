import { valuesById } from '../instance-lookup.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** EC2 keeps the last 64 KB. */
const bytesMax = 65_536

export const getConsoleOutput: Ec2Operation<'GetConsoleOutput'> = {
  accepts: { InstanceId: true, Latest: true },
  async handle(input, { scope }, deps) {
    const id = required(input.InstanceId, 'instanceId')
    const [instance] = await valuesById(deps, scope, [id])
    const isMade = instance !== undefined && instance.incarnation > 0
    const hasConsole = isMade && instance.state !== 'terminated'
    const bytes = hasConsole ? await deps.compute.console(id, bytesMax) : Buffer.alloc(0)
    return {
      InstanceId: id,
      Timestamp: new Date(deps.clock.now()),
      Output: bytes.toString('base64'),
    }
  },
}
