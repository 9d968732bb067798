// What may be asked of a ticket besides a transfer: each order with the particulars it needs.
import { t } from "/static/chat/js/strings.js";
import { get } from "./api.js";

const ways = (prefix, names) => names.map((name) => [name, t(`${prefix}.${name}`)]);
const yes = [["true", t("yes")]];

const coordination = { name: "way", key: "order.way", options: ways("way_of", ["meeting", "joint_review", "site_visit", "leader_call"]) };

// command -> its fields besides the reason
export const ORDERS = {
  urge: () => [],
  supervise: () => [{ name: "way", key: "order.way", options: ways("way_of", ["supervision", "urging", "site_visit", "covert_visit", "leader_order"]) }],
  mark_difficult: () => [coordination],
  coordinate: () => [],
  uphold_return: () => [],
  refuse_return: () => [],
  extend: () => [{ name: "working_days", key: "order.working_days", type: "number", value: "3", required: true },
    { name: "caller_told", key: "order.caller_told", options: yes }],
  merge: async (no) => {
    const { tickets } = await get(`/api/desk/tickets/${no}/duplicates`);
    return [{ name: "into", key: "order.into", required: true, options: tickets.map((one) => [one.ticket_no, `${one.ticket_no} ${one.address} ${one.content}`.slice(0, 60)]) }];
  },
  answer: () => [{ name: "reply", key: "order.reply", wide: true, required: true }, { name: "close_kind", key: "order.close_kind", options: ways("close", ["solved", "partly_solved", "explained", "unfounded", "unreachable", "legal_path"]) }],
  refer: () => [{ name: "reply", key: "order.reply", wide: true, required: true }],
  close: () => [],
  refuse_reply: () => [],
  suspend: () => [],
  resume: () => [],
  withdraw: () => [],
};

export const BY_SUPERVISOR = new Set(["supervise", "mark_difficult", "coordinate", "uphold_return", "refuse_return"]);

// The fields as the server takes them.
export function told(fields) {
  const out = { ...fields };
  if ("working_days" in out) out.working_days = Number(out.working_days);
  if ("caller_told" in out) out.caller_told = out.caller_told === "true";
  return out;
}
