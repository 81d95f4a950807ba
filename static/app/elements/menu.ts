/**
 * One menu for the whole page: opened at a point or under a button with the items it is given.
 * Arrow keys walk, Enter chooses, Esc and a click elsewhere close.
 */
import { html, nothing, render } from "lit";
import check from "lucide-static/icons/check.svg?raw";
import { icon } from "./icon";

export interface MenuItem {
  label: string;
  run?: () => void;
  /** A link instead of an action; downloads when `download` is set. */
  href?: string;
  download?: boolean;
  icon?: string;
  hint?: string;
  isChecked?: boolean;
  isDisabled?: boolean;
  isDangerous?: boolean;
  /** Begins a new group. */
  isFirst?: boolean;
}

export interface MenuPlace {
  x: number;
  y: number;
  /** Aligns the menu's right edge to x. */
  fromRight?: boolean;
}

let host: HTMLElement | null = null;
let opener: HTMLElement | null = null;

/** The place under an element, for `openMenu`. */
export function under(element: Element, fromRight = false): MenuPlace {
  const box = element.getBoundingClientRect();
  return { x: fromRight ? box.right : box.left, y: box.bottom + 4, fromRight };
}

export function openMenu(label: string, items: readonly MenuItem[], place: MenuPlace): void {
  const menu = menuHost();
  opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  render(html`${items.map((item) => itemTemplate(item))}`, menu);
  menu.setAttribute("aria-label", label);
  menu.showPopover();
  position(menu, place);
  (menu.querySelector<HTMLElement>("[role^=menuitem]:not([aria-disabled])") ?? menu).focus();
}

export function closeMenu(): void {
  if (host?.matches(":popover-open")) host.hidePopover();
}

function itemTemplate(item: MenuItem) {
  const inner = html`
    ${
      item.isChecked === undefined
        ? item.icon
          ? icon(item.icon)
          : nothing
        : html`<span class="menu-check">${item.isChecked ? icon(check) : nothing}</span>`
    }
    <span class="menu-label">${item.label}</span>
    ${item.hint ? html`<kbd>${item.hint}</kbd>` : nothing}
  `;
  const classes = `menu-item${item.isFirst ? " first" : ""}${item.isDangerous ? " danger" : ""}`;
  if (item.href) {
    return html`<a
      class=${classes}
      role="menuitem"
      tabindex="-1"
      href=${item.href}
      ?download=${item.download}
      @click=${closeMenu}
      >${inner}</a
    >`;
  }
  return html`<button
    type="button"
    class=${classes}
    role=${item.isChecked === undefined ? "menuitem" : "menuitemradio"}
    aria-checked=${item.isChecked === undefined ? nothing : String(item.isChecked)}
    aria-disabled=${item.isDisabled ? "true" : nothing}
    tabindex="-1"
    @click=${() => {
      if (item.isDisabled) return;
      closeMenu();
      item.run?.();
    }}
  >
    ${inner}
  </button>`;
}

/** Nothing outside of an open dialog can be clicked, so the menu goes where it is called from. */
function menuHost(): HTMLElement {
  const place = document.querySelector("dialog:modal") ?? document.body;
  if (host) {
    if (host.parentElement?.parentElement !== place) place.append(host.parentElement ?? host);
    return host;
  }
  host = document.createElement("div");
  host.className = "menu";
  host.tabIndex = -1;
  host.setAttribute("role", "menu");
  host.setAttribute("popover", "auto");
  host.addEventListener("keydown", walk);
  host.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState === "closed" && host?.contains(document.activeElement)) {
      opener?.focus();
    }
  });
  const room = document.createElement("section");
  room.setAttribute("aria-label", "Menu");
  room.append(host);
  place.append(room);
  return host;
}

function position(menu: HTMLElement, place: MenuPlace): void {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = place.fromRight ? place.x - width : place.x;
  const lowest = Math.max(8, innerHeight - height - 8);
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.min(place.y, lowest)}px`;
}

function walk(event: KeyboardEvent): void {
  if (!host) return;
  const items = [...host.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: items.length - 1,
  };
  const next = steps[event.key];
  if (next !== undefined) {
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
  } else if (event.key === "Tab") {
    event.preventDefault();
    closeMenu();
  } else if (event.key.length === 1 && !event.metaKey && !event.ctrlKey) {
    const letter = event.key.toLowerCase();
    const rest = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    rest.find((item) => item.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
  }
}
