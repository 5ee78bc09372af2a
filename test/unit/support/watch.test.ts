import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Repeater } from "../../support/agents/watch";

let server: Server;
let delayMs = 0;

beforeAll(async () => {
  server = createServer((_, response) => setTimeout(() => response.end(), delayMs));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());

const watch = (): Repeater => {
  const { port } = server.address() as AddressInfo;
  return new Repeater({ url: `http://127.0.0.1:${String(port)}/`, perSecond: 50, timeoutMs: 5000 });
};

test("a last answer that is long in coming, after tries have ceased, is no gap", async () => {
  delayMs = 0;
  const repeater = watch();
  await sleep(300);
  delayMs = 1500;
  await sleep(100);
  const { longestGapMs, durationMs, failed, attempts } = await repeater.stop();
  expect({ failed, isWhole: attempts > 10 }).toEqual({ failed: 0, isWhole: true });
  expect(longestGapMs).toBeLessThan(1000);
  expect(durationMs).toBeLessThan(1000);
});

test("a time without an answer is a gap while tries are made", async () => {
  delayMs = 700;
  const repeater = watch();
  await sleep(600);
  expect((await repeater.stop()).longestGapMs).toBeGreaterThan(500);
});
