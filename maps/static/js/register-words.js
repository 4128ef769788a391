// Words of the register's pages, and times as people read them.

import { addWords, language } from "./i18n.js";

addWords({
  detail: ["详情", "detail"],
  findAddress: ["地址或编码", "Address or code"],
  placeholder: ["如:固戍一路168号,或 19/25 位编码", "e.g. 固戍一路168号, or a code of 19 or 25 digits"],
  find: ["查找", "Find"],
  findHint: ["旧编码也能查到。", "Codes of old are found too."],
  start: ["输入地址或编码,查看其历史与邻近地址。", "Type an address or a code to see its history and neighbours."],
  validAt: ["当时有效", "Valid on"],
  knownAt: ["当时所知", "As known on"],
  asOf: ["当时的记录", "What it said then"],
  status: ["状态", "Status"],
  level: ["级别", "Level"],
  planned: ["规划", "planned"],
  current: ["现行", "current"],
  retired: ["已注销", "retired"],
  code: ["编码", "Code"],
  id: ["永久标识", "Permanent id"],
  divisions: ["街道社区", "Street, community"],
  name: ["名称", "Name"],
  floor: ["楼层", "Floor"],
  timeline: ["历史", "History"],
  from: ["起", "From"],
  until: ["止", "Until"],
  text: ["地址", "Address"],
  now: ["至今", "now"],
  versions: ["全部记录(有效与所知)", "All records (valid and known)"],
  known: ["所知", "Known"],
  what: ["变更", "Change"],
  source: ["依据", "Source"],
  lineage: ["沿革", "Lineage"],
  successors: ["后继地址", "What follows on it"],
  aliases: ["别名", "Aliases"],
  doubts: ["存疑", "In doubt"],
  siblings: ["同级地址", "Beside it"],
  near: ["邻近地址", "Nearest"],
  holders: ["编码的使用者", "Who held this code"],
  gridsNow: ["现网格", "Grids now"],
  load: ["装入", "loaded"], rename: ["更名", "renamed"], split: ["拆分", "split"],
  merge: ["合并", "merged"], retire: ["注销", "retired"], redraw: ["网格调整", "grids redrawn"],
  create: ["新建", "made"], activate: ["启用", "put into use"], edit: ["修改", "edited"], replace: ["替代", "replaced"],
  queue: ["待定文字", "undecided texts"],
  show: ["显示", "Show"],
  open: ["待定", "open"], matched: ["已匹配", "matched"], unmatched: ["无此地址", "no such address"], skipped: ["已搁置", "laid aside"],
  queueEmpty: ["没有待定的文字。", "Nothing waits for a decision."],
  times: ["出现 {0} 次 · {1}", "seen {0} times · {1}"],
  written: ["原文", "As written"],
  normal: ["规范写法", "In normal form"],
  candidates: ["候选地址", "Candidates"],
  noCandidates: ["没有候选,请在下面查找。", "No candidate; look for the address below."],
  thisOne: ["是这一条", "This one"],
  noneOfThese: ["没有这个地址", "No such address"],
  skip: ["搁置", "Lay aside"],
  decided: ["已记为“{0}”的别名。", "Recorded as an alias of {0}."],
  decidedNone: ["已记为无此地址。", "Recorded: no such address."],
  laidAside: ["已搁置。", "Laid aside."],
  findOther: ["另选地址", "Another address"],
  otherHint: ["选中即作为结论,并登记为别名。", "Choosing one decides it, and records an alias."],
});

/** A moment as year, month, day, hour and minute; a dash of words where there is none. */
export function when(moment) {
  if (!moment) return null;
  const locale = language() === "zh" ? "zh-CN" : "en-GB";
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" })
    .format(new Date(moment));
}
