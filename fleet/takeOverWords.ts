/** What stands beside an address in the file, for good, and so in one language whatever the comments are in. */
export const IN_FILE = {
  inForce: (hosts: string, day: string, seen: string): string => `in force on ${hosts} on ${day}, ${seen}`,
  called: (hosts: string, seen: string): string => `it called ${hosts}, ${seen}`,
  wide: (vendor: string): string => `it holds ${vendor}, and others`,
  wasOpen: (hosts: string, day: string): string => `${hosts} was open to everyone on ${day}`,
  served: (hosts: string, day: string): string =>
    `served the port on ${hosts} on ${day}; ours takes its place`,
} as const;
