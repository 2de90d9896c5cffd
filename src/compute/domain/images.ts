/** The image that needs no download: the host's `/usr` with a system directory of its own. */
export const defaultImage = {
  imageId: 'ami-0e5e9eea0e5e9eea0',
  /** The same image by a name that a person can write into a template. */
  alias: 'ami-evenkeel',
  /** As machine specifications name it. */
  machineImage: 'default',
  name: 'evenkeel-default',
  description: "Evenkeel's default image: the host's own system with fresh /etc, /var, /home, /opt",
} as const

/** `ami-` and 8 or 17 hexadecimal digits, or the default image's own alias. */
export function isImageId(text: string): boolean {
  return /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(text) || text === defaultImage.alias
}

/** Whether it names an image by right, and not as an unknown id that means the default one. */
export function isKnownImage(imageId: string): boolean {
  return imageId === defaultImage.imageId || imageId === defaultImage.alias
}

/** The one that DescribeImages lists besides images of one's own. */
export const publicImage: string = defaultImage.imageId
