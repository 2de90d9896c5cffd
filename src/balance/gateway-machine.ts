import type { MachineSpec } from '../protocol/machine.ts'
import { gatewayInterfaceId, type Gateway } from './records.ts'

/** Where the machine sees what the platform shares with it: on its disk, because its /run and /tmp are made anew at each start. */
const doorPath = '/var/lib/evenkeel/door'
const controlPath = '/var/lib/evenkeel/control'
const cachePath = '/var/lib/evenkeel/cache'

/** The folder of a gateway's door on the host; it also keeps the gateway's last configuration. */
export function doorFolder(runDirectory: string, gatewayId: string): string {
  return `${runDirectory}/gateways/${gatewayId}`
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
      NODE_COMPILE_CACHE: cachePath,
    },
    shares: [
      {
        hostPath: doorFolder(runDirectory, gateway.gatewayId),
        machinePath: doorPath,
        writable: true,
      },
      { hostPath: `${runDirectory}/control`, machinePath: controlPath, writable: false },
      { hostPath: `${runDirectory}/gateway-cache`, machinePath: cachePath, writable: true },
    ],
  }
}
