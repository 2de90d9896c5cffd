/** How long a poll is held: under the agents' read timeout of 80 s, and short enough for proxies in between. */
export const pollMilliseconds = 18_000
