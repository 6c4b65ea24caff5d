/** One thing that every implementation of an interface must do; `run` rejects where it does not. Any test runner does. */
export interface ContractCase {
  readonly name: string;
  run(): Promise<void>;
}
