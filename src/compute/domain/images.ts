/** The image that needs no download: the host's `/usr` with a system directory of its own. */
export const defaultImage = {
  imageId: 'ami-0e5e9eea0e5e9eea0',
  /** As machine specifications name it. */
  machineImage: 'default',
  name: 'evenkeel-default',
  description: "Evenkeel's default image: the host's own system with fresh /etc, /var, /home, /opt",
} as const

/** `ami-` and 8 or 17 hexadecimal digits. */
export function isImageId(text: string): boolean {
  return /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(text)
}
