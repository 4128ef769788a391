// The page's own words in Chinese and English, and numbers as people read them.

const WORDS = {
  title: ["块数据 · 就近派遣", "Block data · nearest responders"],
  area: ["区域", "Area"],
  pageDispatch: ["派遣", "Dispatch"],
  pageAddresses: ["地址", "Addresses"],
  pageReview: ["待定", "Review"],
  pages: ["页面", "pages"],
  otherLanguage: ["English", "中文"],
  address: ["事发地址", "Address of the incident"],
  placeholder: ["如:西乡街道固戍一路168号", "e.g. 西乡街道固戍一路168号"],
  ask: ["查找力量", "Find responders"],
  clickHint: ["也可在地图上点选事发位置,或", "Or click the map where it happens, or"],
  useCentre: ["取地图中心", "take the map's centre"],
  suggestions: ["候选地址", "suggested addresses"],
  panel: ["查询与结果", "query and result"],
  map: ["地图", "map"],
  start: ["输入报警人所说的地址,选定后显示三级最近力量。", "Type the address as the caller says it; the nearest of each of the three tiers are shown."],
  searching: ["正在计算到达时间…", "Working out travel times…"],
  loading: ["正在载入…", "Loading…"],
  noSuggestion: ["没有相近的地址", "no address like this"],
  noAreas: ["尚无任何区域的数据。", "There is no area yet."],
  noAreasCure: ["请运行:blockdata district build", "Run: blockdata district build"],
  noAddresses: ["本区域尚未导入地址,可在地图上点选位置。", "This area has no addresses; click the map instead."],
  noResponders: ["本区域尚无力量。", "This area has no responders."],
  synthetic: [
    "演示数据:本区域的街道、楼栋、地址与力量全部为合成,不对应任何真实的人或地点。",
    "Demonstration: streets, buildings, addresses and responders here are all synthetic; none is a real person or place.",
  ],
  syntheticResponders: [
    "本区域的力量为合成,不对应任何真实的人。",
    "The responders of this area are synthetic; none is a real person.",
  ],
  problem: ["出错了", "Something went wrong"],
  unreachable: ["服务没有应答,请稍后再试;仍不行请告知值班管理员。", "The server does not answer. Try again in a moment, or tell the administrator on duty."],
  didYouMean: ["是否指以下地址?点选即可。", "Did you mean one of these? Press it."],
  "cure_not-found_address_id": ["请重新输入地址。", "Type the address anew."],
  "cure_outside-area": ["请在辖区范围内点选,或换一个区域。", "Pick a place within the district, or another area."],
  "cure_outside-network": ["请改选近旁有路的位置,可在地图上点选。", "Pick a place near a road, on the map if need be."],
  "cure_unknown-address": ["请补充道路和门牌,或小区和楼栋;也可在地图上点选。", "Give the road with its number, or the estate with its building; or click the map."],
  "cure_not-found_area": ["请换一个区域,或告知值班管理员。", "Pick another area, or tell the administrator on duty."],
  cure_unavailable: ["请稍后再试;仍不行请告知值班管理员。", "Try again in a moment, or tell the administrator on duty."],
  "cure_setup-error": ["请告知值班管理员。", "Tell the administrator on duty."],
  noRanking: ["这不是一个点,因此不排出力量。范围已在地图上标出。", "This is no point, so nobody is ranked. Its extent is shown on the map."],
  ofAKind: ["说的是一类地标,不是一处,因此不排出力量。", "A kind of landmark was said, not one of them, so nobody is ranked."],
  estimated: ["按 {0} 之间估计的位置,误差约 {1} 米,已在地图上用虚线圈出。", "Estimated between {0}, give or take {1} m: the dashed circle on the map."],
  choose: ["请问清后点选:", "Ask the caller, then press:"],
  orClick: ["也可在地图上点选事发位置。", "Or click the map where it happens."],
  confirmRough: ["问不清楚,按范围内一点派遣", "No more is known: take a point within it"],
  confirmEstimate: ["按估计位置派遣(误差约 {0} 米)", "Take the estimated position (± {0} m)"],
  roughly: ["大致位置,可能相差 {0} 米:出动后请继续核实。", "A rough position, perhaps {0} m off: go on asking the caller."],
  replaceAsk: ["已有一起事发位置。改到刚才点选的位置?", "There is an incident already. Move it to where you clicked?"],
  replaceYes: ["改到此处", "Move it here"],
  replaceNo: ["保留原位置", "Keep it"],
  unclearOrder: ["两个数都可能是经度,请写成:经度,纬度。", "Either number could be the longitude: write longitude, latitude."],
  asked: ["刚才点选的位置", "where you clicked"],
  legend: ["图例", "Legend"],
  legendCount: ["{0}:区块内人数", "{0}: number in the cell"],
  legendRank: ["{0}:数字为先后", "{0}: the number is the rank"],
  legendRoute: ["沿路的路线", "way along roads"],
  legendOffRoad: ["离路步行", "on foot, off the road"],
  legendCell: ["计数区块", "cell of counting"],
  legendGrid: ["事发网格", "grid of the incident"],
  legendExtent: ["只知大致范围", "only the surroundings are known"],
  legendGuess: ["估计位置的误差", "uncertainty of an estimate"],
  legendPost: ["屯警点", "standing police point"],
  legendLandmark: ["地标(派出所、医院、学校、地铁站和出口、公交站、公园)", "landmark (police station, hospital, school, metro station or exit, bus stop, park)"],
  legendSite: ["重点场所", "key site"],
  legendStreet: ["街道界", "street (subdistrict)"],
  legendCommunity: ["社区界", "community"],
  legendGrids: ["网格界", "grid"],
  farFromRoad: ["近旁无路,无法计算到达时间", "no road near it: arrival cannot be worked out"],
  cure: ["处理办法:", "Cure: "],
  doubtful: ["匹配把握不足,请向报警人核实。", "This match is doubtful: check it with the caller."],
  point: ["地图上的位置", "Point on the map"],
  sure: ["把握", "How sure"],
  level: ["匹配到", "Matched to"],
  why: ["依据", "Because"],
  runnerUp: ["其次", "Next best"],
  grid: ["网格", "Grid"],
  noGrid: ["不在任何网格内", "in no grid"],
  coordinates: ["坐标", "Position"],
  clock: ["计时", "Clock"],
  within: ["标准 {0} 内", "standard: within {0}"],
  pool: ["在册 {0} · 在岗 {1} · 可派 {2}", "{0} registered · {1} on duty · {2} available"],
  who: ["力量", "Who"],
  time: ["用时", "Time"],
  margin: ["余量", "Margin"],
  distance: ["路程", "Distance"],
  inTime: ["达标", "in time"],
  late: ["超时", "late"],
  cellHere: ["事发区块", "Incident's cell"],
  cellNear: ["邻近 {0}", "Nearby {0}"],
  people: ["{0} 人", "{0}"],
  counted: ["各区块可通知人数({0} 计):", "Can be alerted, by cell (counted at {0}):"],
  whyCounted: ["为何只显示人数", "Why only numbers are shown"],
  nobody: ["范围内没有可派的力量。", "Nobody available within reach."],
  leftOut: ["更近但未列入:{0}", "Nearer, but left out: {0}"],
  straight: ["直线 {0}", "{0} straight"],
  leg_to_road: ["到路", "to road"],
  leg_road: ["路上", "road"],
  leg_from_road: ["离路", "off road"],
  incident: ["事发位置", "Incident"],
  foot: ["步行", "on foot"],
  ebike: ["电动自行车", "e-bike"],
  patrol: ["巡逻车", "patrol vehicle"],
  room: ["房间", "room"],
  unit: ["单元", "unit"],
  building: ["楼栋", "building"],
  estate: ["小区", "estate"],
  number: ["门牌", "house number"],
  place: ["地点", "place"],
  kind: ["一类地标", "kind of landmark"],
  corner: ["路口", "corner"],
  road: ["道路", "road"],
  community: ["社区", "community"],
  street: ["街道", "street"],
};

/** Words of another page; where both have one, the page's own counts. */
export const addWords = (words) => Object.assign(WORDS, words);

let current = "zh";

export const language = () => current;

export function setLanguage(code) {
  current = code === "en" ? "en" : "zh";
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
}

/** The page's own words; {0}, {1} … are filled in. A word it does not know stays as it is. */
export function say(key, ...values) {
  const words = WORDS[key];
  if (words === undefined) return key;
  return words[current === "zh" ? 0 : 1].replace(/\{(\d)\}/g, (_, n) => values[Number(n)]);
}

/** Whether the page has words of its own for this. */
export const known = (key) => WORDS[key] !== undefined;

/** A name that the server gives in both languages, as `name_zh` and `name_en`. */
export function pick(record, name) {
  return record[`${name}_${current}`] || record[`${name}_zh`] || record[`${name}_en`] || "";
}

/** The same, as a heading begins. */
export function pickHeading(record, name) {
  const words = pick(record, name);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a place is: the kind of a landmark, else the level of its address. */
export const levelOf = (place) => (place.kind ? pickText(place.kind) : say(place.level));

/** A text that the server gives as {zh, en}. */
export const pickText = (text) => (text ? text[current] || text.zh || "" : "");

/** Seconds as minutes and seconds, as in 1:05. */
export function clockTime(seconds) {
  const whole = Math.round(Math.abs(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** The hour and minute of a moment that the server gives in the district's own time. */
export const timeOfDay = (moment) => moment.slice(11, 16);

/** A margin with its sign: time to spare is +, lateness is −. */
export const signed = (seconds) => `${seconds < 0 ? "−" : "+"}${clockTime(seconds)}`;

/** Metres as people read them; a dash where a distance is not told. */
export function distance(metres) {
  if (metres === null || metres === undefined) return "—";
  const zh = current === "zh";
  if (metres < 1000) return `${Math.round(metres)} ${zh ? "米" : "m"}`;
  return `${(metres / 1000).toFixed(1)} ${zh ? "公里" : "km"}`;
}

/** Write the page's fixed words into the elements that ask for them. */
export function sayAll() {
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
}
