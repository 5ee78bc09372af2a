import { renderHostKeys } from "../../../documents/hostKeys";

const PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

test.each([
  ["https", { pem: PEM, vrrpPassword: undefined }, PEM],
  ["a shared address", { pem: undefined, vrrpPassword: "Abcd1234" }, "vrrp-password Abcd1234\n"],
  ["both", { pem: PEM, vrrpPassword: "Abcd1234" }, `vrrp-password Abcd1234\n${PEM}`],
])("with %s lqptctl reads just that", (_, keys, expected) => {
  expect(renderHostKeys(keys)).toBe(expected);
});
