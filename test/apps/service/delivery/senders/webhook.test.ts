import { expect, test } from "vitest";
import { signature } from "../../../../../src/apps/service/delivery/senders/webhook.ts";

test("the signature is that of Standard Webhooks' own example", () => {
  expect(
    signature(
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "1614265330",
      Buffer.from('{"test": 2432232314}'),
    ),
  ).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});
