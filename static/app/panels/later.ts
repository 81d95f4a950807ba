/** Parts that the first paint does without: loaded right after it, and upgraded in place. */
import "./dialogs";
import "./dock/events";
import "./dock/timeline";
import "./inspector/inspector";
