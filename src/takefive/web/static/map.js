// The map of ideas: moving about, looking closer, searching, going through time. What it shows stands as lists below it too.
import { GONE, load, Places } from "./map-data.js";
import { css, Drawing } from "./map-draw.js";

const atlas = document.getElementById("atlas");
const part = (name) => atlas.querySelector(`[data-part=${name}]`);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const READ = 90; // so many points in sight say what they are about
const sheet = part("sheet");

let data, places, drawing, home;
const view = { x: 0, y: 0, scale: 1 };
const state = { by: "region", lit: null, hits: null, chosen: null, read: [], zooming: false };
const told = new Map(); // number of a chunk -> promise of what its points are about

start().catch((error) => {
  console.warn(error);
  part("said").textContent = "The map could not be loaded. The lists below hold the same.";
  atlas.hidden = false;
});

async function start() {
  data = await load(atlas.dataset.points);
  if (!data.count) return;
  atlas.hidden = false;
  places = new Places(data);
  state.lit = new Uint8Array(data.slots).fill(1);
  drawing = new Drawing(data, { land: part("land"), points: part("points"), names: part("names") });
  fit();
  Object.assign(view, home, fromAddress());
  time();
  legend();
  listen();
  draw();
  if (atlas.dataset.number) choose(await about(Number(atlas.dataset.number)));
  atlas.dataset.ready = "yes";
}

// Where one is

function fit() {
  const { width, height } = sheet.getBoundingClientRect();
  drawing.fit(width, height);
  const { left, right, top, bottom } = data.box;
  const scale = Math.min((width * 0.88) / Math.max(right - left, 4), (height * 0.86) / Math.max(bottom - top, 4));
  home = { x: (left + right) / 2, y: (top + bottom) / 2, scale };
}

function fromAddress() {
  if (atlas.dataset.x) return { x: Number(atlas.dataset.x), y: Number(atlas.dataset.y), scale: Math.max(home.scale * 5, 30) };
  const [x, y, zoom] = location.hash.slice(1).split(",").map(Number);
  return Number.isFinite(zoom) ? held({ x, y, scale: home.scale * zoom }) : {};
}

let remembered;
function remember() {
  clearTimeout(remembered);
  const place = [view.x.toFixed(2), view.y.toFixed(2), (view.scale / home.scale).toFixed(2)].join(",");
  remembered = setTimeout(() => history.replaceState(null, "", `#${place}`), 400);
}

// Never so far away that nothing is seen, nor closer than helps.
function held({ x, y, scale }) {
  const { left, right, top, bottom } = data.box;
  const within = (value, low, high) => Math.min(Math.max(value, low), high);
  return { x: within(x, left, right), y: within(y, top, bottom), scale: within(scale, home.scale * 0.8, Math.max(140, home.scale * 2)) };
}

function go(to) {
  if (to.scale && to.scale !== view.scale) hurry();
  Object.assign(view, held({ ...view, ...to }));
  remember();
  draw();
}

// While the scale changes not every point is drawn; soon after it stays, all are.
let resting;
function hurry() {
  state.zooming = true;
  clearTimeout(resting);
  resting = setTimeout(() => {
    state.zooming = false;
    draw();
  }, 150);
}

// Fly there; at once for those who want nothing to move.
let flight = 0;
function fly(to) {
  cancelAnimationFrame(flight);
  const [from, goal] = [{ ...view }, held({ ...view, ...to })];
  if (still.matches) return go(goal);
  const began = performance.now();
  const step = (now) => {
    const done = Math.min(1, (now - began) / 420);
    const eased = 1 - (1 - done) ** 3;
    const scale = from.scale * (goal.scale / from.scale) ** eased;
    // Straight towards the goal as it is seen, however much the scale changes.
    const share = Math.abs(goal.scale / from.scale - 1) < 0.01 ? eased : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / goal.scale);
    go({ x: from.x + (goal.x - from.x) * share, y: from.y + (goal.y - from.y) * share, scale });
    if (done < 1) flight = requestAnimationFrame(step);
  };
  flight = requestAnimationFrame(step);
}

function zoom(factor, at = { x: drawing.width / 2, y: drawing.height / 2 }, how = go) {
  const { scale } = held({ ...view, scale: view.scale * factor });
  const [dx, dy] = [at.x - drawing.width / 2, at.y - drawing.height / 2];
  how({ scale, x: view.x + dx / view.scale - dx / scale, y: view.y + dy / view.scale - dy / scale });
}

// Drawing

let asked = 0;
function draw() {
  if (!asked) asked = requestAnimationFrame(frame);
}

function frame() {
  asked = 0;
  const began = performance.now();
  drawing.paint(view, state);
  drawing.write(view, state);
  performance.measure("map frame", { start: began, end: performance.now() });
  read();
}

// Ask what the points in sight are about, where they are few.
let waiting;
function read() {
  const [w, h] = [drawing.width / 2 / view.scale, drawing.height / 2 / view.scale];
  const seen = view.scale < 24 ? null : places.within(view.x - w, view.y - h, view.x + w, view.y + h, READ);
  clearTimeout(waiting);
  if (!seen) {
    if (state.read.length) [state.read] = [[], draw()];
    return;
  }
  waiting = setTimeout(async () => {
    const points = (await Promise.all(seen.filter((i) => state.lit[i]).map(about))).filter(Boolean);
    const same = points.length === state.read.length && points.every((point, i) => point === state.read[i]);
    if (!same) [state.read] = [points, draw()];
  }, 160);
}

async function about(number) {
  const chunk = Math.floor(number / data.chunk);
  if (!told.has(chunk)) {
    const address = atlas.dataset.about.replace("/0/0.json", `/${data.map}/${chunk}.json`);
    told.set(chunk, fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status)))).then(({ points }) => new Map(points.map((point) => [point.number, point]))));
  }
  try {
    return (await told.get(chunk)).get(number);
  } catch {
    told.delete(chunk);
    part("said").textContent = "The map has been drawn anew meanwhile. Load the page again to see it.";
    return undefined;
  }
}

// The chosen point

function choose(point) {
  state.chosen = point ?? null;
  const card = part("card");
  card.hidden = !point;
  if (point) {
    const link = card.querySelector("a");
    link.textContent = point.headline;
    link.href = point.url;
    const date = point.date ? new Date(`${point.date}T12:00`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" }) : "";
    card.querySelector("p").textContent = [point.show, date].filter(Boolean).join(" · ");
  }
  draw();
}

let pointed = -1;
async function point(at, radius) {
  const [x, y] = [view.x + (at.x - drawing.width / 2) / view.scale, view.y + (at.y - drawing.height / 2) / view.scale];
  const number = places.nearest(x, y, radius / view.scale, (i) => state.lit[i]);
  if (number === pointed) return number;
  pointed = number;
  names().style.cursor = number < 0 ? "grab" : "pointer";
  if (number >= 0) {
    const found = await about(number);
    if (pointed === number && found) choose(found);
  }
  return number;
}

const names = () => part("names");

function listen() {
  const canvas = names();
  const fingers = new Map();
  let moved = 0;
  const where = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  canvas.addEventListener("pointerdown", (event) => {
    cancelAnimationFrame(flight);
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, where(event));
    moved = fingers.size > 1 ? Infinity : 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const now = where(event);
    const before = fingers.get(event.pointerId);
    if (!before) return void point(now, 14);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, now);
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (other) {
      const apart = (one) => Math.max(20, Math.hypot(one.x - other.x, one.y - other.y));
      zoom(apart(now) / apart(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    }
    const share = other ? 2 : 1;
    if (moved > 4) go({ x: view.x - (now.x - before.x) / view.scale / share, y: view.y - (now.y - before.y) / view.scale / share });
  });
  canvas.addEventListener("pointerup", async (event) => {
    fingers.delete(event.pointerId);
    if (moved > 4) return;
    const before = state.chosen?.number;
    pointed = -1;
    const number = await point(where(event), event.pointerType === "mouse" ? 14 : 24);
    if (number < 0) choose(null);
    // A mouse has hovered over it before; a finger shows the card first and opens it by the next tap.
    else if (number === before) location.assign(state.chosen.url);
  });
  canvas.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("wheel", (event) => {
    if (event.deltaY > 0 && view.scale <= home.scale * 0.81) return; // the page scrolls on
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 18 : 1;
    zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY * lines)) / 260), where(event));
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => zoom(2.2, where(event), fly));
  canvas.addEventListener("keydown", keys);
  part("closer").addEventListener("click", () => zoom(1.8, undefined, fly));
  part("farther").addEventListener("click", () => zoom(1 / 1.8, undefined, fly));
  part("whole").addEventListener("click", () => fly(home));
  part("colour").addEventListener("change", ({ target }) => {
    state.by = target.value;
    legend();
    draw();
  });
  part("search").addEventListener("submit", search);
  part("search").elements.q.addEventListener("input", ({ target }) => target.value || clear());
  part("close").addEventListener("click", () => choose(null));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    drawing.restyle();
    legend();
    paintWeeks();
    draw();
  });
  new ResizeObserver(() => {
    const factor = view.scale / home.scale;
    fit();
    Object.assign(view, held({ ...view, scale: home.scale * factor }));
    paintWeeks();
    draw();
  }).observe(sheet);
}

// With keys the point nearest to the middle is the chosen one.
function keys(event) {
  const far = 70 / view.scale;
  const moves = { ArrowLeft: { x: view.x - far }, ArrowRight: { x: view.x + far }, ArrowUp: { y: view.y - far }, ArrowDown: { y: view.y + far } };
  const acts = { "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), 0: () => fly(home), Home: () => fly(home), Escape: () => choose(null) };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (moves[event.key]) go(moves[event.key]);
  else if (acts[event.key]) acts[event.key]();
  else if (event.key === "Enter" && state.chosen) return location.assign(state.chosen.url);
  else return;
  event.preventDefault();
  if (event.key !== "Escape") point({ x: drawing.width / 2, y: drawing.height / 2 }, Math.hypot(drawing.width, drawing.height));
}

// Colours and what they stand for; a click leads there

function legend() {
  const list = part("legend");
  const entries = state.by === "region"
    ? data.regions.filter((one) => one.parent === null && one.count).map((one) => [one.name, drawing.tints[one.number], () => fly({ x: one.x, y: one.y, scale: Math.min(drawing.width, drawing.height) / 3.2 / Math.max(one.reach, 1) })])
    : data.shows.slice(0, drawing.shades.length).map((title, i) => [title, drawing.shades[i], null]);
  if (state.by === "show" && data.shows.length > entries.length) entries.push(["other podcasts", drawing.plain, null]);
  list.replaceChildren(...entries.map(([name, colour, act]) => {
    const item = document.createElement("li");
    const spot = document.createElement("i");
    spot.style.background = css(colour);
    const text = act ? document.createElement("button") : document.createElement("span");
    if (act) text.addEventListener("click", act);
    text.append(spot, name);
    item.append(text);
    return item;
  }));
}

// Search

async function search(event) {
  event.preventDefault();
  const words = part("search").elements.q.value.trim();
  if (!words) return clear();
  const answer = await fetch(`${atlas.dataset.find}?q=${encodeURIComponent(words)}`);
  if (!answer.ok) return void (part("said").textContent = "The search does not answer. Try again in a moment.");
  const { points } = await answer.json();
  state.hits = points.length ? points : null;
  part("said").textContent = points.length ? `${points.length} ${points.length === 1 ? "insight" : "insights"} found.` : `Nothing on the map is about “${words}”.`;
  if (!points.length) return draw();
  const spread = (axis) => points.slice(0, 12).map((one) => one[axis]).sort((a, b) => a - b);
  const [xs, ys] = [spread("x"), spread("y")];
  const wide = Math.max((xs[xs.length - 1] - xs[0]) / drawing.width, (ys[ys.length - 1] - ys[0]) / drawing.height, 1e-6);
  choose(points[0]);
  fly({ x: (xs[0] + xs[xs.length - 1]) / 2, y: (ys[0] + ys[ys.length - 1]) / 2, scale: Math.min(0.7 / wide, Math.max(home.scale * 4, 20)) });
}

function clear() {
  state.hits = null;
  part("said").textContent = "";
  draw();
}

// Time: a window of weeks that ends where the slider stands

const week = (number) => new Date(new Date(`${data.first}T12:00Z`).getTime() + number * 604_800_000);

function time() {
  const slider = part("end");
  slider.max = data.weeks - 1;
  slider.value = data.weeks - 1;
  part("time").hidden = data.weeks < 2;
  part("play").hidden = still.matches;
  slider.addEventListener("input", chooseWeeks);
  part("span").addEventListener("change", chooseWeeks);
  part("play").addEventListener("click", play);
  data.perWeek = new Uint32Array(data.weeks);
  data.week.forEach((number, i) => data.region[i] !== GONE && data.perWeek[number]++);
  chooseWeeks();
}

function chooseWeeks() {
  const [end, span] = [Number(part("end").value), Number(part("span").value)];
  const first = span ? end - span + 1 : 0;
  for (let i = 0; i < data.slots; i++) state.lit[i] = data.week[i] <= end && data.week[i] >= first ? 1 : 0;
  const count = data.perWeek.slice(Math.max(0, first), end + 1).reduce((sum, n) => sum + n, 0);
  const name = (number) => week(number).toLocaleDateString("en-GB", { month: "short", year: "numeric" });
  const [from, to] = [name(Math.max(0, first)), name(end)];
  part("when").textContent = `${from === to ? to : `${from} to ${to}`}: ${count.toLocaleString("en-GB")}`;
  part("end").setAttribute("aria-valuetext", part("when").textContent);
  state.weeks = [first, end];
  state.read = [];
  paintWeeks();
  draw();
}

function paintWeeks() {
  const canvas = part("weeks");
  const ratio = Math.min(devicePixelRatio || 1, 2);
  const { width, height } = canvas.getBoundingClientRect();
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext("2d");
  const most = Math.max(...data.perWeek, 1);
  const each = canvas.width / data.weeks;
  data.perWeek.forEach((count, number) => {
    const tall = Math.ceil(Math.sqrt(count / most) * canvas.height);
    context.fillStyle = number >= state.weeks[0] && number <= state.weeks[1] ? drawing.ink.accent : drawing.ink.hairline;
    context.fillRect(number * each, canvas.height - tall, Math.max(each - ratio * 0.5, ratio * 0.75), tall);
  });
}

let ticking = 0;
function play() {
  const slider = part("end");
  const stop = () => {
    clearInterval(ticking);
    ticking = 0;
    part("play").textContent = "Play";
  };
  if (ticking) return stop();
  if (Number(slider.value) >= data.weeks - 1) slider.value = 0;
  if (!Number(part("span").value)) part("span").value = "";
  part("play").textContent = "Stop";
  const stride = Math.max(1, Math.round(data.weeks / 160));
  ticking = setInterval(() => {
    slider.value = Number(slider.value) + stride;
    chooseWeeks();
    if (Number(slider.value) >= data.weeks - 1) stop();
  }, 90);
}
