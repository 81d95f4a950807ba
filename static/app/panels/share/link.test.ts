import { expect, it } from "vitest";
import type { Link } from "../../api/sharing";
import { stateWords } from "./link";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const LINK: Link = {
  id: 1,
  role: "viewer",
  label: "",
  url: "",
  state: "good",
  expires_at: null,
  uses: 0,
  uses_max: null,
  people: [],
};

it.each<[string, Partial<Link>, string]>([
  ["without an end", {}, "good as long as the session"],
  ["soon over", { expires_at: "2026-01-01T12:58:00Z" }, "expires in 58 minutes"],
  ["in its last minute", { expires_at: "2026-01-01T12:00:10Z" }, "expires in 1 minute"],
  ["over tomorrow", { expires_at: "2026-01-02T12:00:00Z" }, "expires in 24 hours"],
  ["revoked", { state: "revoked" }, "revoked"],
  ["used up", { state: "used-up" }, "used up"],
])("says of a link %s how it stands", (_, values, words) => {
  expect(stateWords({ ...LINK, ...values }, NOW)).toBe(words);
});
