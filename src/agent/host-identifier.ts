import { parseArn } from '../kernel/arn.ts'

/** Which machine of this agent a command is for: an instance's id, or the ARN itself by which a registered server goes. */
export function machineIdOf(hostIdentifier: string): string {
  const arn = parseArn(hostIdentifier)
  return arn?.service === 'ec2' ? arn.resource.replace(/^instance\//, '') : hostIdentifier
}

/** Machines that are deployed to: gateways and the like are not. */
export function isDeployable(machineId: string): boolean {
  return machineId.startsWith('i-') || machineId.startsWith('arn:')
}
