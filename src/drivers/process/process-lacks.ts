import { firstFreePort } from './first-free-port.ts'

/** What machines of the process driver do without, in words for a person. */
export function processLacks(): readonly string[] {
  const firstFree = firstFreePort()
  return [
    'no isolation: machines are plain process groups that see this machine as their user does, each in a folder of its own and on an own 127.x.y.z',
    'security groups, routes and network ACLs protect nothing: rules are kept, and whoever is on this machine reaches every machine',
    'no limits of memory, processors or processes; public addresses do not answer',
    ...(firstFree > 80
      ? [`ports below ${firstFree} are not ours to open: each stands 8000 higher (80 is 8080)`]
      : []),
  ]
}
