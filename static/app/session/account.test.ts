import { describe, expect, it } from "vitest";
import { accountDoors, keepAccountLinks } from "./account";

describe("the ways to an account", () => {
  it("offers a guest to keep the session", () => {
    keepAccountLinks({
      page: "/account/",
      sign_up: "/accounts/signup/?next=/s/a/",
      log_in: "/accounts/login/?next=/s/a/",
    });
    expect(accountDoors().map((door) => door.label)).toEqual([
      "Sign up to keep this session",
      "Log in",
      "You and your data",
    ]);
  });

  it("leads an account to its own page", () => {
    keepAccountLinks({ page: "/account/", sign_up: "", log_in: "" });
    expect(accountDoors()).toEqual([{ label: "You and your data", href: "/account/" }]);
  });
});
