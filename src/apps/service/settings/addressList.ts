import { BlockList, isIPv6 } from "node:net";
import { z } from "zod";

/** An address or a network, as settings name them. */
export const address = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  "no address such as 10.1.2.3 or 10.1.0.0/16",
);

/** An address of IPv4 as such, where the system wraps it into one of IPv6. */
export const plainAddress = <T extends string | undefined>(text: T) =>
  text?.replace(/^::ffff:(?=\d+\.)/i, "") as T;

/** Tells whether addresses are among these addresses and networks. */
export function addressList(listed: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const each of listed) {
    const [network, bits] = each.split("/");
    const family = isIPv6(network) ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  return (text) => {
    if (text === undefined) return false;
    const plain = plainAddress(text);
    return list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
  };
}
