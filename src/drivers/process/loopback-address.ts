/** Where a machine's metadata answer, on its own loopback address: the port of AWS's own metadata mock. */
export const loopbackMetadataPort = 1338

/** Tells a program of the platform which range its network has. */
export const loopbackRangeVariable = 'EVENKEEL_LOOPBACK_RANGE'

/**
 * The loopback address that stands for a VPC's: with the VPC's range 23, 10.0.1.5 → 127.23.1.5. A VPC is a /16 at most, so that its last two
 * bytes tell its addresses apart. Loopback addresses and names stay as they are.
 */
export function loopbackAddress(address: string, range: number): string {
  const parts = address.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^\d+$/.test(part))) return address
  if (parts[0] === '127' || parts[0] === '0') return address
  return ['127', range, ...parts.slice(2)].join('.')
}

/** The port that stands for one: below `firstFree`, which ordinary users may not open, 8000 higher. 80 → 8080. */
export function openPort(port: number, firstFree: number): number {
  return port > 0 && port < firstFree ? port + 8000 : port
}
