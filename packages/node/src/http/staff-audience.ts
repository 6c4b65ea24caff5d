/** Who files, decides and answers. */
export const OFFICERS = { roles: ["privacy-officer"] } as const;

/** Who may look at what officers do. */
export const READERS = { roles: ["privacy-officer", "auditor"] } as const;
