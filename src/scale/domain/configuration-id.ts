/** Of the ids that launch configurations have among those of launch templates, which begin with `lt-`. */
export const configurationIdPrefix = 'lc:'

export function isConfigurationId(id: string): boolean {
  return id.startsWith(configurationIdPrefix)
}
