import { beforeEach, expect } from "vitest";

const ID = /\b(?:WX|TC|WC|FS|KS|PIPL|REG|GDPR)-[\w.]+/;

// A test that says it shows a requirement must assert something.
// Tests that run side by side each count by the `expect` of their own.
beforeEach((context) => {
  const { task } = context;
  if (ID.test(task.name)) (task.concurrent ? context.expect : expect).hasAssertions();
});
