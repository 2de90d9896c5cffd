import type { MachineSpec } from '../protocol/machine.ts'
import { gatewayInterfaceId, type Gateway } from './records.ts'

/** Where the machine sees what the platform shares with it: on its disk, because its /run and /tmp are made anew at each start. */
const doorPath = '/var/lib/evenkeel/door'
const controlPath = '/var/lib/evenkeel/control'

/** The folder of a gateway's door on the host; it also keeps the gateway's last configuration and its compiled sources. */
export function doorFolder(runDirectory: string, gatewayId: string): string {
  return `${runDirectory}/gateways/${gatewayId}`
}

/** The folder of the server's door for this one gateway. */
export function controlFolder(runDirectory: string, gatewayId: string): string {
  return `${runDirectory}/control/${gatewayId}`
}

/** The gateway's machine. Its old generation is kept small: it holds no bodies, only what is on its way. */
export function gatewayMachine(gateway: Gateway, runDirectory: string): MachineSpec {
  return {
    id: gateway.gatewayId,
    zone: gateway.zone,
    image: 'default',
    hostname: gateway.gatewayId,
    networkId: gateway.vpcId,
    interfaceId: gatewayInterfaceId(gateway.gatewayId),
    command: [
      '{node}',
      '--max-old-space-size=128',
      '--max-semi-space-size=2',
      '{app}/gateway/main.ts',
    ],
    environment: {
      EVENKEEL_GATEWAY: gateway.gatewayId,
      EVENKEEL_DOOR: doorPath,
      EVENKEEL_CONTROL: `${controlPath}/server.sock`,
      NODE_COMPILE_CACHE: `${doorPath}/cache`,
    },
    shares: [
      {
        hostPath: doorFolder(runDirectory, gateway.gatewayId),
        machinePath: doorPath,
        writable: true,
      },
      {
        hostPath: controlFolder(runDirectory, gateway.gatewayId),
        machinePath: controlPath,
        writable: false,
      },
    ],
  }
}
