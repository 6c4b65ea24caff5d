#!/usr/bin/env node
import { main } from "./cli/main.ts";

await main(process.argv.slice(2));
// What a module of the host has opened must not keep a finished command.
process.exit();
