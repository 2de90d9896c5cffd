const signature = Buffer.from([
  0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
])
/** Version 2, a connection on behalf of somebody. */
const versionAndCommand = 0x21
/** TCP over IPv4. */
const family = 0x11
const addressBytes = 12

interface Place {
  readonly address: string
  readonly port: number
}

/**
 * What a target that asked for it is told before a client's first byte: who connected to where. Version 2 of the PROXY protocol
 * (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt), as Network Load Balancers send it.
 */
export function proxyPreamble(client: Place, listener: Place): Buffer {
  const addresses = Buffer.alloc(4 + addressBytes)
  addresses.writeUInt8(versionAndCommand, 0)
  addresses.writeUInt8(family, 1)
  addresses.writeUInt16BE(addressBytes, 2)
  addresses.set(bytesOf(client.address), 4)
  addresses.set(bytesOf(listener.address), 8)
  addresses.writeUInt16BE(client.port, 12)
  addresses.writeUInt16BE(listener.port, 14)
  return Buffer.concat([signature, addresses])
}

function bytesOf(address: string): readonly number[] {
  return address.split('.').map(Number)
}
