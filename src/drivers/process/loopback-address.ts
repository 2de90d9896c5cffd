/** The loopback address that stands for a VPC's: 10.0.1.5 → 127.0.1.5. Loopback addresses and names stay as they are. */
export function loopbackAddress(address: string): string {
  const parts = address.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^\d+$/.test(part))) return address
  if (parts[0] === '127' || parts[0] === '0') return address
  return ['127', ...parts.slice(1)].join('.')
}

/** The port that stands for one: below `firstFree`, which ordinary users may not open, 8000 higher. 80 → 8080. */
export function openPort(port: number, firstFree: number): number {
  return port > 0 && port < firstFree ? port + 8000 : port
}
