import { runUserData } from './run-parts.ts'

/** `main.ts first|again disk|no-disk FOLDER INSTANCE-ID`: the user data in the folder, inside the machine. */
const [when, disk, folder = '', instanceId = ''] = process.argv.slice(2)
process.exitCode = runUserData({
  file: `${folder}/user-data.txt`,
  folder,
  instanceId,
  isFirst: when === 'first',
  hasDisk: disk === 'disk',
})
