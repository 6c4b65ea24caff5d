import { beforeEach, expect } from "vitest";

const ID = /\b(?:WX|TC|WC|FS|KS|PIPL|REG|GDPR)-[\w.]+/;

// A test that says it shows a requirement must assert something.
beforeEach(({ task }) => {
  if (ID.test(task.name)) expect.hasAssertions();
});
