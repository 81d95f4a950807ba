/** Under the bar: whom this page follows, or who follows it. */
import { html, nothing, type TemplateResult } from "lit";
import { LiveElement } from "../../elements/live";
import { follow } from "../../session/presence";
import { doingWords, followersOf, leaderOf } from "../../state/people";
import { following, people, you } from "../../state/store";
import { face, faceStyle } from "./face";

export class FollowBanner extends LiveElement {
  protected override render(): TemplateResult | typeof nothing {
    const leader = leaderOf(people.value, following.value);
    if (leader) {
      const doing = doingWords(leader);
      return html`<section
        class="banner following"
        style=${faceStyle(leader)}
        aria-label="Following"
        data-testid="following"
      >
        ${face(leader, true)}
        <p role="status">Following <b>${leader.name}</b></p>
        <span class="banner-note">${doing ? `who ${doing}` : ""}</span>
        <span class="grow"></span>
        <button type="button" class="button" @click=${() => follow(null)}>Stop following</button>
      </section>`;
    }
    const followers = followersOf(people.value, you.value?.id);
    if (followers.length === 0) return nothing;
    return html`<section class="banner followed" aria-label="Followers" data-testid="followers">
      ${followers.slice(0, 5).map((one) => face(one, true))}
      <p role="status">${followerWords(followers.map((one) => one.name))}</p>
    </section>`;
  }
}

customElements.define("py-follow", FollowBanner);

/** "brisk wren follows you", "a and b follow you", "a and 3 others follow you". */
export function followerWords(names: readonly string[]): string {
  const [first = "", second = ""] = names;
  if (names.length === 1) return `${first} follows you and sees your editor.`;
  const rest = names.length === 2 ? second : `${names.length - 1} others`;
  return `${first} and ${rest} follow you and see your editor.`;
}
