// The points of the map as the server packs them (store/maps.py), and which of them lie near a place.
export const GONE = 0xffff;

export async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the map: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  const size = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, size)));
  const column = (i) => new Uint16Array(bytes, 4 + size + 2 * i * head.slots, head.slots);
  const [x, y] = [0, 1].map((axis) => Float32Array.from(column(axis), (steps) => head.corner[axis] + head.step * steps));
  const data = { ...head, x, y, region: column(2), show: column(3), week: column(4) };
  data.box = box(data);
  data.top = Uint16Array.from(data.region, (region) => (region === GONE ? GONE : topmost(data.regions, region)));
  data.weeks = data.week.reduce((most, week, i) => (data.region[i] === GONE ? most : Math.max(most, week)), 0) + 1;
  spreads(data);
  return data;
}

function box({ x, y, region }) {
  const found = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let i = 0; i < x.length; i++) {
    if (region[i] === GONE) continue;
    if (x[i] < found.left) found.left = x[i];
    if (x[i] > found.right) found.right = x[i];
    if (y[i] < found.top) found.top = y[i];
    if (y[i] > found.bottom) found.bottom = y[i];
  }
  return found;
}

export function topmost(regions, region) {
  while (regions[region].parent !== null) region = regions[region].parent;
  return region;
}

// How far each region reaches around the place of its name, in the map's own unit.
function spreads({ x, y, region, regions }) {
  const sums = new Float64Array(regions.length);
  for (let i = 0; i < x.length; i++) {
    for (let one = region[i] === GONE ? null : region[i]; one !== null; one = regions[one].parent) {
      sums[one] += (x[i] - regions[one].x) ** 2 + (y[i] - regions[one].y) ** 2;
    }
  }
  regions.forEach((one, number) => Object.assign(one, { number, reach: Math.sqrt(sums[number] / Math.max(one.count, 1)) }));
}

// Points by the squares of a grid that they lie in.
export class Places {
  constructor(data) {
    const { x, y, box } = data;
    this.data = data;
    this.across = Math.max(4, Math.min(256, Math.ceil(Math.sqrt(data.count / 2))));
    this.square = Math.max(box.right - box.left, box.bottom - box.top, 1e-6) / this.across;
    const cell = Int32Array.from(x, (_, i) => this.#row(y[i]) * (this.across + 1) + this.#column(x[i]));
    this.first = new Int32Array((this.across + 1) ** 2 + 1);
    for (let i = 0; i < cell.length; i++) if (data.region[i] !== GONE) this.first[cell[i] + 1]++;
    for (let i = 1; i < this.first.length; i++) this.first[i] += this.first[i - 1];
    const next = this.first.slice();
    this.points = new Int32Array(this.first[this.first.length - 1]);
    for (let i = 0; i < cell.length; i++) if (data.region[i] !== GONE) this.points[next[cell[i]]++] = i;
  }

  #column(x) {
    return Math.max(0, Math.min(this.across, Math.floor((x - this.data.box.left) / this.square)));
  }

  #row(y) {
    return Math.max(0, Math.min(this.across, Math.floor((y - this.data.box.top) / this.square)));
  }

  // The points in a rectangle, at most `most` of them; null where there are more.
  within(left, top, right, bottom, most) {
    const found = [];
    const { x, y } = this.data;
    for (let row = this.#row(top); row <= this.#row(bottom); row++) {
      for (let column = this.#column(left); column <= this.#column(right); column++) {
        const cell = row * (this.across + 1) + column;
        for (let at = this.first[cell]; at < this.first[cell + 1]; at++) {
          const i = this.points[at];
          if (x[i] < left || x[i] > right || y[i] < top || y[i] > bottom) continue;
          if (found.push(i) > most) return null;
        }
      }
    }
    return found;
  }

  // The nearest point within `radius` for which `wanted` holds; -1 where there is none.
  nearest(x, y, radius, wanted) {
    let best = -1;
    let least = radius * radius;
    for (const i of this.within(x - radius, y - radius, x + radius, y + radius, Infinity)) {
      const away = (this.data.x[i] - x) ** 2 + (this.data.y[i] - y) ** 2;
      if (away <= least && wanted(i)) [best, least] = [i, away];
    }
    return best;
  }
}
