import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { loopbackRangeVariable } from '../drivers/process/loopback-address.ts'
import { gatewayPing, gatewayWell } from '../protocol/gateway.ts'

/** Plain processes share the host machine's links, which say nothing of a zone. */
const hasOwnLink = process.env[loopbackRangeVariable] === undefined

/** Answers each ping of an edge for as long as the connection lasts. `count` have come already. */
export function answerPings(socket: Socket, count: number): void {
  const answer = (): void => void socket.write(`${isOnNetwork() ? gatewayWell : 'cut'}\n`)
  const pingEnd = gatewayPing.length + 1
  let rest = 0
  socket.on('error', () => socket.destroy()).on('end', () => socket.destroy())
  socket.on('data', (bytes: Buffer) => {
    rest += bytes.length
    for (; rest >= pingEnd; rest -= pingEnd) answer()
  })
  for (let each = 0; each < count; each++) answer()
}

/** The door is a Unix socket, which no cut of the network closes: so the link itself is looked at. */
function isOnNetwork(): boolean {
  if (!hasOwnLink) return true
  try {
    return readFileSync('/sys/class/net/eth0/carrier', 'latin1').startsWith('1')
  } catch {
    return false
  }
}
