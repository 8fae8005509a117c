import { z } from "zod";

/** PS3.5 § 6.2, AE: up to 16 characters, no backslash, no control character. */
export const aeTitle = z
  .string()
  .regex(/^(?=.*\S)[\x20-\x5b\x5d-\x7e]{1,16}$/, "no AE title of 1 to 16 characters");
