/** AWS's names of balancers end in up to ten decimal digits; ours follow from the id. */
export function digitsToNumber(hex: string): string {
  return String(BigInt(`0x${hex}`) % 10_000_000_000n)
}
