/**
 * The part of a Standard Schema that MiniPrivacy uses: zod, zod/mini, valibot and arktype schemas all have it.
 *
 * @see https://standardschema.dev (version 1)
 */
export interface Schema<Value = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Value> | Promise<SchemaResult<Value>>;
    readonly types?: { readonly input: unknown; readonly output: Value } | undefined;
  };
}

/** What a schema says of a value. */
export type SchemaResult<Value> =
  | { readonly value: Value; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };
