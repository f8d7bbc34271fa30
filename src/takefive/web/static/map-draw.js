// How the map looks: the land under the points, the points, the names over them. Three canvases, so that each is drawn when it must be.
import { GONE } from "./map-data.js";

const HUES = { light: [0.55, 0.115], dark: [0.76, 0.105] }; // lightness and chroma in OKLCH
const PAINT = 900_000; // pixels that all points of a frame together may take
const HURRY = 25_000; // points in sight that are drawn while the map comes closer or goes away; all of them when it rests
const LAND = 896; // pixels of the land's longer side

export class Drawing {
  constructor(data, { land, points, names }) {
    Object.assign(this, { data, land, points, names });
    this.brush = points.getContext("2d");
    this.pen = names.getContext("2d");
    this.wheel = wheel(data);
    this.restyle();
  }

  // Take colours from the style sheet; again when light turns to dark.
  restyle() {
    const style = getComputedStyle(this.names);
    this.ink = Object.fromEntries(["paper", "ink", "muted", "accent", "hairline"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    this.serif = style.getPropertyValue("--serif");
    this.sans = style.getPropertyValue("--sans");
    this.dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const [lightness, chroma] = HUES[this.dark ? "dark" : "light"];
    this.tints = this.wheel.map((turn) => tint(lightness, chroma, turn));
    this.shades = Array.from({ length: 12 }, (_, i) => tint(lightness, chroma, i / 12 + 0.07));
    this.plain = this.dark ? [120, 112, 100] : [150, 141, 126];
    this.paintLand();
  }

  fit(width, height) {
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    [this.width, this.height] = [width, height];
    for (const canvas of [this.points, this.names]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
    this.image = this.brush.createImageData(this.points.width, this.points.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  colour(i, by) {
    if (by === "region") return this.tints[this.data.top[i]];
    return this.data.show[i] < this.shades.length ? this.shades[this.data.show[i]] : this.plain;
  }

  // `state.lit` has 0 for points out of the chosen weeks, 1 for points in them; `state.hits` are those that a search found.
  paint(view, state) {
    const { data, pixels, ratio } = this;
    const [wide, high] = [this.points.width, this.points.height];
    const scale = view.scale * ratio;
    const seen = this.inSight(view);
    const radius = Math.max(0.75 * ratio, Math.min(6.5 * ratio, 0.24 * scale, Math.sqrt(PAINT / 4 / (seen + 1))));
    const dab = disc(radius, state.hits ? 0.3 : data.count > 20_000 ? 0.72 : 0.85);
    const faint = disc(Math.min(radius, 2 * ratio), 0.16);
    const [left, top] = [view.x - wide / 2 / scale, view.y - high / 2 / scale];
    pixels.fill(0);
    const words = this.words(state.by);
    const step = state.zooming ? Math.ceil((seen + 1) / HURRY) : 1; // neighbours stand next to each other: every third thins all places alike
    for (let i = 0; i < data.x.length; i += step) {
      if (data.region[i] === GONE) continue;
      const x = (data.x[i] - left) * scale;
      const y = (data.y[i] - top) * scale;
      if (x < -radius || y < -radius || x > wide + radius || y > high + radius) continue;
      splat(pixels, wide, high, x, y, state.lit[i] ? dab : faint, words[i]);
    }
    this.brush.putImageData(this.image, 0, 0);
    this.place(view);
  }

  inSight(view) {
    const { x, y } = this.data;
    const [wide, high] = [this.width / 2 / view.scale, this.height / 2 / view.scale];
    let count = 0;
    for (let i = 0; i < x.length; i++) if (Math.abs(x[i] - view.x) < wide && Math.abs(y[i] - view.y) < high) count++;
    return count;
  }

  // The colour of each point as a pixel without its alpha, kept until the choice or the light changes.
  words(by) {
    const key = `${by} ${this.dark}`;
    if (this.kept?.key !== key) {
      const word = ([r, g, b]) => r | (g << 8) | (b << 16);
      const list = Uint32Array.from(this.data.x, (_, i) => (this.data.region[i] === GONE ? 0 : word(this.colour(i, by))));
      this.kept = { key, list };
    }
    return this.kept.list;
  }

  // Density as land: paper is the sea, two heights above it, a shore line. Drawn once; moving it is the compositor's work.
  paintLand() {
    const { box } = this.data;
    const longer = Math.max(box.right - box.left, box.bottom - box.top, 1);
    this.margin = longer * 0.16;
    this.grain = (longer + 2 * this.margin) / LAND;
    [this.land.width, this.land.height] = [box.right - box.left, box.bottom - box.top].map((side) => Math.ceil((side + 2 * this.margin) / this.grain));
    const height = heights(this.data, this.land.width, this.land.height, this.margin, this.grain);
    const context = this.land.getContext("2d");
    const image = context.createImageData(this.land.width, this.land.height);
    const steps = [0.05, 0.3, 0.75];
    const [r, g, b] = this.dark ? [255, 236, 205] : [120, 92, 48];
    for (let i = 0; i < height.length; i++) {
      let alpha = 0;
      steps.forEach((step, n) => {
        alpha += Math.max(0, Math.min(1, (height[i] / step - 1) * 9 + 0.5)) * (n ? 0.03 : 0.055);
        if (!n) alpha += Math.max(0, 1 - Math.abs(height[i] / step - 1) * 7) * 0.17;
      });
      image.data.set([r, g, b, alpha * 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }

  place(view) {
    const { box } = this.data;
    const size = this.grain * view.scale;
    const x = (box.left - this.margin - view.x) * view.scale + this.width / 2;
    const y = (box.top - this.margin - view.y) * view.scale + this.height / 2;
    this.land.style.transform = `translate(${x}px, ${y}px) scale(${size})`;
  }

  // Names of regions where they are neither too small nor too large to be read as places; then what a search found, and the chosen point.
  write(view, state) {
    const { pen, ratio } = this;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    const taken = [];
    for (const hit of state.hits ?? []) this.ring(view, hit, 4.5, this.ink.accent, true);
    if (state.chosen) this.ring(view, state.chosen, 8, this.ink.ink, false, taken);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    for (const region of this.data.regions.filter((one) => one.count)) this.name(view, region, taken);
    this.headlines(view, state.read ?? [], taken);
  }

  name(view, region, taken) {
    const reach = region.reach * view.scale;
    const whole = region.level === 0;
    if (reach > Math.max(this.width, this.height) * 0.6 || (!whole && reach < 42) || (whole && region.count < 2)) return;
    // Whole pixels: letters of a size that was not there before are cut anew.
    const size = Math.round(Math.max(13, Math.min(whole ? 25 : 19, 8 + reach / (whole ? 9 : 11))) * (this.width < 500 ? 0.82 : 1));
    const [x, y] = this.at(view, region);
    this.pen.font = `${whole ? "600" : "italic 400"} ${size}px ${this.serif}`;
    const lines = folded(region.name, whole ? 18 : 20);
    const wide = Math.max(...lines.map((line) => this.pen.measureText(line).width));
    const room = { left: x - wide / 2 - 5, right: x + wide / 2 + 5, top: y - (lines.length * size * 1.1) / 2 - 3, bottom: y + (lines.length * size * 1.1) / 2 + 3 };
    if (room.left < 4 || room.right > this.width - 4 || room.top < 4 || room.bottom > this.height - 4 || taken.some((other) => overlap(room, other))) return;
    taken.push(room);
    lines.forEach((line, n) => this.halo(line, x, y + (n - (lines.length - 1) / 2) * size * 1.1, whole ? this.ink.ink : this.ink.ink, 4));
  }

  // Close up, points say themselves what they are about.
  headlines(view, read, taken) {
    this.pen.font = `500 12.5px ${this.sans}`;
    this.pen.textAlign = "left";
    for (const point of read) {
      const [x, y] = this.at(view, point);
      const lines = folded(point.headline, 30);
      const wide = Math.max(...lines.map((line) => this.pen.measureText(line).width));
      const left = x + wide + 20 > this.width ? x - wide - 12 : x + 12;
      const room = { left: left - 4, right: left + wide + 4, top: y - lines.length * 8, bottom: y + lines.length * 8 };
      if (x < 0 || y < 0 || x > this.width || y > this.height || left < 4 || taken.some((other) => overlap(room, other))) continue;
      taken.push(room);
      lines.forEach((line, n) => this.halo(line, left, y + (n - (lines.length - 1) / 2) * 15, this.ink.muted, 3));
    }
  }

  halo(text, x, y, colour, width) {
    this.pen.strokeStyle = this.ink.paper;
    this.pen.lineWidth = width;
    this.pen.globalAlpha = 0.85;
    this.pen.strokeText(text, x, y);
    this.pen.globalAlpha = 1;
    this.pen.fillStyle = colour;
    this.pen.fillText(text, x, y);
  }

  ring(view, point, radius, colour, full, taken) {
    const [x, y] = this.at(view, point);
    this.pen.beginPath();
    this.pen.arc(x, y, radius, 0, 2 * Math.PI);
    this.pen.fillStyle = this.pen.strokeStyle = colour;
    this.pen.lineWidth = 2;
    if (full) this.pen.fill();
    else this.pen.stroke();
    taken?.push({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
  }

  at(view, { x, y }) {
    return [(x - view.x) * view.scale + this.width / 2, (y - view.y) * view.scale + this.height / 2];
  }
}

// Each large region's place on the wheel of colours: by the angle at which it lies from the middle, evenly apart.
function wheel({ regions, box }) {
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const large = regions.filter((one) => one.parent === null);
  const order = [...large].sort((a, b) => Math.atan2(a.y - y, a.x - x) - Math.atan2(b.y - y, b.x - x));
  return large.map((one) => order.indexOf(one) / order.length + 0.09);
}

// OKLCH (Ottosson 2020) to sRGB, 0 to 255.
function tint(lightness, chroma, turn) {
  const [a, b] = [chroma * Math.cos(2 * Math.PI * turn), chroma * Math.sin(2 * Math.PI * turn)];
  const [l, m, s] = [
    (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((c) => Math.round(255 * Math.max(0, Math.min(1, c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055))));
}

export const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

// A soft-edged disc: alpha from 0 to 255 for each pixel around the middle.
const discs = new Map();
function disc(radius, strength) {
  const key = `${radius.toFixed(2)} ${strength}`;
  if (discs.has(key)) return discs.get(key);
  const reach = Math.ceil(radius);
  const alpha = [];
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) alpha.push(255 * strength * Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(x, y))));
  }
  const made = { reach, across: 2 * reach + 1, alpha: Uint8Array.from(alpha) };
  if (discs.size > 60) discs.clear();
  discs.set(key, made);
  return made;
}

// Lay a disc of one colour over the pixels: alphas add up as with glass, the last colour is seen.
function splat(pixels, wide, high, x, y, { reach, across, alpha }, word) {
  const left = Math.round(x) - reach;
  const top = Math.round(y) - reach;
  for (let row = Math.max(0, -top); row < across && top + row < high; row++) {
    const line = (top + row) * wide + left;
    for (let column = Math.max(0, -left); column < across && left + column < wide; column++) {
      const more = alpha[row * across + column];
      if (!more) continue;
      const old = pixels[line + column] >>> 24;
      pixels[line + column] = word | ((old + (((255 - old) * more) >> 8)) << 24);
    }
  }
}

// How densely the points lie at each pixel of the land, 1 at a crowded place.
function heights({ x, y, region, box, count }, wide, high, margin, grain) {
  let field = new Float32Array(wide * high);
  for (let i = 0; i < x.length; i++) {
    if (region[i] === GONE) continue;
    const at = Math.round((y[i] - box.top + margin) / grain) * wide + Math.round((x[i] - box.left + margin) / grain);
    field[Math.min(at, field.length - 1)] += 1;
  }
  const width = Math.round(Math.max(6, Math.min(24, (LAND * 0.7) / Math.sqrt(Math.max(count, 1)))));
  for (let round = 0; round < 3; round++) field = blurred(blurred(field, wide, high, width, 1, wide), high, wide, width, wide, 1);
  const sorted = field.filter((v) => v > 0).sort();
  const crowded = sorted[Math.floor(sorted.length * 0.93)] || 1;
  return field.map((v) => v / crowded);
}

// A running mean along one way.
function blurred(field, length, lines, width, step, stride) {
  const made = new Float32Array(field.length);
  for (let line = 0; line < lines; line++) {
    let sum = 0;
    for (let i = -width; i < length; i++) {
      if (i + width < length) sum += field[line * stride + (i + width) * step];
      if (i - width - 1 >= 0) sum -= field[line * stride + (i - width - 1) * step];
      if (i >= 0) made[line * stride + i * step] = sum / (2 * width + 1);
    }
  }
  return made;
}

function folded(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
