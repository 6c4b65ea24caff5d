/** Who of the operator's acts on a person's request, as the log keeps it. */
export interface ActedBy {
  readonly role: "privacy-officer" | "command-line";
  /** An officer's `staffRef`; for the command line, the name that came with the command. */
  readonly name: string;
}
