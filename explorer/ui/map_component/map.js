// The map of an embedding space. One Plotly figure holds the points and is drawn once; what changes
// with every click (focus, neighbours, pins, search hits, region labels) lies on an SVG layer above
// it and a density picture lies under it, so that no click makes Plotly compute the points again
// and the view stays where the visitor left it. Plotly takes a second to start: until then a plain
// canvas shows the same points in the same places.
//
// data (JSON): {plotly, points, colour, names, pictures, density: keys of the stores or null,
//   view, bounds: [x0, x1, y0, y1], axes: [title, title], legend, focus, neighbors, pins, hits,
//   labels, polygon, reportViewport, height (CSS, may be left out), alt}
// and, where several maps of one space stand side by side:
//   place: what the names of this map's own stores begin with; shared: slots that all maps read
//   near, selected: keys of the stores of nearest rows (int32, facts.k a row) and of what is
//   selected (uint8 a row); false: items near the focus here alone; bare: no legend;
//   minHeight (CSS)
// Reports: click (row), polygon ([[x, y], …] or null), viewport ([x0, x1, y0, y1]).

const shared = (window.embeddingExplorer ??= { stores: new Map(), waiting: new Set() });
shared.maps ??= new Set(); // on the page: a point under the pointer in one is shown in all
const SVG = "http://www.w3.org/2000/svg";

export default function (component) {
  const host = component.parentElement;
  host.embeddingMap ??= new EmbeddingMap(host);
  host.embeddingMap.update(component);
  return () => {
    host.embeddingMap?.destroy();
    delete host.embeddingMap;
  };
}

const MARGIN = { l: 28, r: 8, t: 8, b: 28 };

const markers = (n, scale = 1) => ({
  size: (n <= 1000 ? 8 : n <= 3000 ? 6 : n <= 20000 ? 4 : 2.5) * (scale > 1 ? 1.6 : 1),
  opacity: n <= 3000 ? 0.85 : n <= 20000 ? 0.65 : 0.4,
});

// Asked once: a browser has few WebGL contexts to give, and a map takes some of them.
const hasWebGL = () => {
  try {
    return (shared.webgl ??= Boolean(document.createElement("canvas").getContext("webgl")));
  } catch {
    return false;
  }
};

class EmbeddingMap {
  constructor(host) {
    this.root = make("div", "ee-map");
    this.under = make("canvas", "ee-under");
    this.plot = make("div", "ee-plot");
    this.over = document.createElementNS(SVG, "svg");
    this.over.setAttribute("class", "ee-over");
    this.tip = make("div", "ee-tip");
    this.tip.hidden = true;
    this.root.append(this.under, this.plot, this.over, this.tip);
    host.append(this.root);
    this.root.setAttribute("role", "figure"); // Plotly's buttons are inside: no "img"
    this.drawn = {};
    this.wake = () => this.draw();
    shared.waiting.add(this.wake);
    shared.maps.add(this);
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.root);
  }

  destroy() {
    shared.waiting.delete(this.wake);
    shared.maps.delete(this);
    this.resize.disconnect();
    clearTimeout(this.viewportTimer);
    clearTimeout(this.drawTimer);
    this.gone = true;
    this.root.remove();
    this.drawing?.finally(() => window.Plotly.purge(this.plot)); // it cannot be interrupted
  }

  update({ data: [data], setTriggerValue }) {
    this.want = data;
    this.send = setTriggerValue;
    this.root.setAttribute("aria-label", data.alt);
    this.root.style.height = data.height ?? "";
    this.root.style.minHeight = data.minHeight ?? "";
    this.draw();
  }

  store(slot) {
    const key = this.want[slot];
    const place = this.want.shared?.includes(slot) ? "" : this.want.place ?? "";
    const held = shared.stores.get(place + slot);
    return key && held?.key === key ? held : null;
  }

  // Draws once everything that the server announced has arrived; called again whenever it might.
  draw() {
    const want = this.want;
    const slots = ["points", "colour", "names", "pictures", "density", "near", "selected"];
    if (!want || this.gone || slots.some((slot) => want[slot] && !this.store(slot))) return;
    const theme = (this.theme = readTheme(this.root));
    if (!window.Plotly) {
      this.drawPreview();
      this.drawOver();
      const begin = () => loadPlotly(want.plotly).then(this.wake, (error) => {
        this.root.replaceChildren(error.message);
      });
      requestAnimationFrame(() => setTimeout(begin)); // once the preview is on the screen
      return;
    }
    const figure = JSON.stringify(
      [want.points, want.colour, want.view, want.legend, want.bare, want.scale, theme],
    );
    if (figure !== this.drawn.figure && this.plot._dragging) {  // never under the visitor's hand
      clearTimeout(this.drawTimer);
      this.drawTimer = setTimeout(this.wake, 100);
      return;
    }
    if (figure !== this.drawn.figure) {
      const newView = want.view !== this.drawn.view;
      this.drawn = { figure, view: want.view };
      this.react(theme, newView);
    } else if (this.drawn.polygon && !want.polygon) {
      window.Plotly.restyle(this.plot, { selectedpoints: null });
      window.Plotly.relayout(this.plot, { selections: [] });
    }
    this.drawn.polygon = want.polygon;
    this.drawSelected();
    this.drawUnder();
    this.drawOver();
    this.root.dataset.focus = want.focus?.name ?? "";
  }

  react(theme, newView) {
    const want = this.want;
    const { traces, members } = this.traces(theme);
    this.members = members;
    const [x0, x1, y0, y1] = newView ? want.bounds : this.ranges();
    if (newView) this.reported = null;
    const axis = {
      showgrid: true, gridcolor: theme.grid, zeroline: false, showticklabels: false, ticks: "",
    };
    const scale = want.scale ?? 1;
    const title = (text) => ({ text, font: { size: 12 * scale, color: theme.faint }, standoff: 4 });
    const layout = {
      xaxis: { ...axis, range: [x0, x1], title: title(want.axes[0]) },
      yaxis: { ...axis, range: [y0, y1], title: title(want.axes[1]), scaleanchor: "x" },
      margin: MARGIN,
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: theme.font, color: theme.text, size: 13 * scale },
      hovermode: "closest", hoverdistance: 14, dragmode: this.plot.layout?.dragmode ?? "pan",
      showlegend: traces.length > 1 && !want.bare,
      legend: {
        orientation: "h", y: -0.05, yanchor: "top", x: 0, itemsizing: "constant",
        font: { size: 12 * scale }, bgcolor: "rgba(0,0,0,0)", tracegroupgap: 2,
      },
      uirevision: want.view, selectionrevision: want.points,
      modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.faint, activecolor: theme.text },
      newselection: { line: { color: theme.text, width: 1.5, dash: "dot" } },
    };
    const config = {
      scrollZoom: true, displaylogo: false, showSendToCloud: false, responsive: false,
      doubleClick: "reset",
      modeBarButtonsToRemove: ["toImage", "autoScale2d"],
      modeBarButtonsToAdd: [
        { name: "Save as PNG", icon: window.Plotly.Icons.camera, click: () => this.savePng() },
      ],
    };
    this.plot.style.height = `${this.root.clientHeight}px`;
    const first = !this.plot.data;
    this.drawing = window.Plotly.react(this.plot, traces, layout, config);
    if (first) this.listen();
    this.drawing.then(() => {
      if (this.gone) return;
      if (newView) this.firstRanges = this.ranges();
      this.drawUnder();
      this.drawOver();
      this.root.dataset.drawn = String(this.store("points")?.x.length ?? 0);
      this.root.dataset.view = want.view;
    });
  }

  // One trace a category (so that the legend switches them), or one coloured by a number.
  traces(theme) {
    const { x, y } = this.store("points");
    const colour = this.store("colour");
    const n = x.length;
    const { size, opacity } = markers(n, this.want.scale);
    const base = {
      type: hasWebGL() ? "scattergl" : "scatter", mode: "markers", hoverinfo: "none",
      unselected: { marker: { opacity: 0.08 } }, selected: { marker: { opacity: 1 } },
    };
    const legend = this.want.legend;
    if (legend?.kind === "number") {
      const bar = { title: { text: legend.title, side: "right" }, thickness: 12, outlinewidth: 0, len: 0.6 };
      const marker = {
        size, opacity, color: colour.value, colorscale: legend.scale,
        cmin: legend.low, cmax: legend.high, colorbar: bar, showscale: !this.want.bare,
      };
      return { traces: [{ ...base, x, y, marker, showlegend: false }], members: [null] };
    }
    if (legend?.kind !== "category") {
      const marker = { size, opacity, color: theme.plain };
      return { traces: [{ ...base, x, y, marker }], members: [null] };
    }
    const counts = new Int32Array(legend.entries.length);
    for (let i = 0; i < n; i++) counts[colour.code[i]]++;
    const members = Array.from(counts, (count) => new Int32Array(count));
    counts.fill(0);
    for (let i = 0; i < n; i++) members[colour.code[i]][counts[colour.code[i]]++] = i;
    const traces = legend.entries.map((entry, c) => ({
      ...base,
      name: `${plainText(entry.name)} (${entry.count.toLocaleString("en")})`,
      x: Float32Array.from(members[c], (i) => x[i]),
      y: Float32Array.from(members[c], (i) => y[i]),
      marker: { size, opacity, color: entry.colour, symbol: entry.symbol },
    }));
    return { traces, members };
  }

  listen() {
    const plot = this.plot;
    const follow = () => {
      this.drawUnder();
      this.drawOver();
    };
    plot.on("plotly_relayouting", follow);
    plot.on("plotly_afterplot", follow);
    plot.on("plotly_relayout", () => {
      follow();
      clearTimeout(this.viewportTimer);
      this.viewportTimer = setTimeout(() => this.reportViewport(), 300);
    });
    plot.on("plotly_hover", (event) => {
      this.showTip(event.points[0]);
      this.pointAt(this.row(event.points[0]));
    });
    plot.on("plotly_unhover", () => {
      this.tip.hidden = true;
      this.pointAt(null);
    });
    plot.on("plotly_click", (event) => this.send("click", this.row(event.points[0])));
    plot.on("plotly_selected", (event) => {
      const { range, lassoPoints } = event ?? {};
      if (lassoPoints) {
        this.send("polygon", thinned(lassoPoints.x.map((x, i) => [x, lassoPoints.y[i]]), 200));
      } else if (range) {
        const [[a, b], [c, d]] = [range.x, range.y];
        this.send("polygon", [[a, c], [b, c], [b, d], [a, d]]);
      }
    });
    plot.on("plotly_deselect", () => this.send("polygon", null));
  }

  // Tells the server which part of a sampled map is looked at, when that has changed.
  reportViewport() {
    const now = this.ranges();
    const before = this.reported ?? this.firstRanges;
    const size = now[1] - now[0];
    if (!this.want.reportViewport || !before) return;
    if (now.every((value, i) => Math.abs(value - before[i]) < 0.01 * size)) return;
    this.reported = now;
    this.send("viewport", now);
  }

  // The drawn point, and the row of the space, of one of Plotly's points.
  index({ curveNumber, pointNumber }) {
    const members = this.members[curveNumber];
    return members ? members[pointNumber] : pointNumber;
  }

  row(point) {
    const i = this.index(point);
    const { row } = this.store("points");
    return row ? row[i] : i;
  }

  // One space, several maps: what the pointer is on in this one is shown in all of them.
  pointAt(row) {
    if (!this.want.near) return;
    for (const map of shared.maps) {
      if (map.want?.near !== this.want.near) continue;
      map.pointed = row;
      map.drawPointed();
    }
  }

  // The item under the pointer and lines to its nearest in the space, wherever they lie here.
  drawPointed() {
    this.pointer?.remove();
    const near = this.store("near");
    const points = this.store("points");
    if (this.pointed == null || !near || !points || points.row || !this.area) return;
    const place = this.place();
    const at = (row) => [place.x(points.x[row]), place.y(points.y[row])];
    const [x1, y1] = at(this.pointed);
    this.pointer = svg("g", { class: "ee-pointed" });
    for (let i = 0; i < near.k; i++) {
      const [x2, y2] = at(near.rows[this.pointed * near.k + i]);
      this.pointer.append(svg("line", { x1, y1, x2, y2 }), svg("circle", { cx: x2, cy: y2, r: 3 }));
    }
    this.pointer.append(svg("circle", { cx: x1, cy: y1, r: 6 }));
    this.area.append(this.pointer);
  }

  // The same items selected as on the map that was drawn on.
  drawSelected() {
    const key = this.want.selected ?? null;
    const drawn = `${this.drawn.figure} ${key}`;
    if (!("selected" in this.want) || this.selectedDrawn === drawn) return;
    this.selectedDrawn = drawn;
    const selected = this.store("selected");
    if (!selected && !this.hasSelected) return;
    this.hasSelected = Boolean(selected);
    const { x, row } = this.store("points");
    const chosen = this.members.map((members) => {
      if (!selected) return null;
      const count = members ? members.length : x.length;
      const places = [];
      for (let i = 0; i < count; i++) {
        const point = members ? members[i] : i;
        if (selected.chosen[row ? row[point] : point]) places.push(i);
      }
      return places;
    });
    this.drawing.then(() => {
      if (!this.gone) window.Plotly.restyle(this.plot, { selectedpoints: chosen });
    });
  }

  ranges() {
    const { xaxis, yaxis } = this.plot._fullLayout;
    return [...xaxis.range, ...yaxis.range].map(Number);
  }

  // The plot's rectangle in pixels and its ranges: Plotly's, or before it what it will choose.
  frame() {
    const layout = this.plot._fullLayout;
    if (layout?._size) {
      const { l, t, w, h } = layout._size;
      return { l, t, w, h, ranges: this.ranges() };
    }
    const { l, t, r, b } = MARGIN;
    const w = this.root.clientWidth - l - r;
    const h = this.root.clientHeight - t - b - (this.want.legend?.kind === "category" && !this.want.bare ? 36 : 0);
    const [x0, x1, y0, y1] = this.want.bounds;
    const unit = Math.max((x1 - x0) / w, (y1 - y0) / h); // one scale for both axes
    const [x, y, dx, dy] = [(x0 + x1) / 2, (y0 + y1) / 2, (unit * w) / 2, (unit * h) / 2];
    return { l, t, w, h, ranges: [x - dx, x + dx, y - dy, y + dy] };
  }

  // From map coordinates to pixels of the root element.
  place() {
    const { l, t, w, h, ranges: [x0, x1, y0, y1] } = this.frame();
    return {
      left: l, top: t, width: w, height: h,
      x: (x) => l + ((x - x0) / (x1 - x0)) * w,
      y: (y) => t + (1 - (y - y0) / (y1 - y0)) * h,
    };
  }

  // The canvas below the plot, cleared, clipped to the plot's rectangle.
  underContext(place) {
    const scale = window.devicePixelRatio || 1;
    this.under.width = this.root.clientWidth * scale;
    this.under.height = this.root.clientHeight * scale;
    const context = this.under.getContext("2d");
    context.scale(scale, scale);
    context.beginPath();
    context.rect(place.left, place.top, place.width, place.height);
    context.clip();
    return context;
  }

  drawPreview() {
    const place = this.place();
    const context = this.underContext(place);
    const { x, y } = this.store("points");
    const legend = this.want.legend;
    const { code, value } = this.store("colour") ?? {};
    const { size, opacity } = markers(x.length, this.want.scale);
    const step = (v) => {
      const share = (v - legend.low) / (legend.high - legend.low);
      const last = legend.scale.length - 1;
      return legend.scale[Math.round(Math.max(0, Math.min(1, share || 0)) * last)][1];
    };
    context.globalAlpha = opacity;
    for (let i = 0; i < x.length; i++) {
      context.fillStyle = code ? legend.entries[code[i]].colour : value ? step(value[i]) : this.theme.plain;
      if (size <= 4) { // too small to tell a square from a disc, and ten times as fast
        context.fillRect(place.x(x[i]) - size / 2, place.y(y[i]) - size / 2, size, size);
        continue;
      }
      context.beginPath();
      context.arc(place.x(x[i]), place.y(y[i]), size / 2, 0, 7);
      context.fill();
    }
    this.root.dataset.preview = String(x.length);
  }

  drawUnder() {
    const density = this.store("density");
    if (!this.plot._fullLayout?._size) return;
    const place = this.place();
    const context = this.underContext(place);
    if (!density) return;
    const picture = densityPicture(density, this.theme);
    const [x0, x1, y0, y1] = density.bounds;
    context.imageSmoothingEnabled = true;
    context.drawImage(
      picture, place.x(x0), place.y(y1), place.x(x1) - place.x(x0), place.y(y0) - place.y(y1),
    );
  }

  drawOver() {
    const { focus, neighbors, pins, hits, labels, polygon } = this.want;
    const place = this.place();
    const theme = this.theme;
    const scale = this.want.scale ?? 1;
    const layer = this.over;
    layer.replaceChildren();
    const area = svg("svg", {
      x: place.left, y: place.top, width: place.width, height: place.height,
      viewBox: `${place.left} ${place.top} ${place.width} ${place.height}`,
    });
    layer.append(area);
    this.area = area;
    const at = (point) => [place.x(point.x), place.y(point.y)];
    if (polygon && !this.plot.layout?.selections?.length) {
      const points = polygon.map(([x, y]) => `${place.x(x)},${place.y(y)}`).join(" ");
      area.append(svg("polygon", { points, class: "ee-polygon" }));
    }
    const taken = [];
    // A name stands right of its point, or left where there is no room; those of regions upon it.
    const label = (point, text, kind) => {
      const [x, y] = at(point);
      const width = text.length * (kind === "region" ? 8 : 6.6) * scale;
      const most = place.left + place.width - width;
      const starts = kind === "region"
        ? [Math.max(place.left, Math.min(most, x - width / 2))] : [x + 8, x - 8 - width];
      const boxes = starts.map((start) => [start, y - 8, width, 16 * scale]);
      const inside = boxes.filter(([start]) => start >= place.left && start <= most);
      const free = inside.filter((box) => !taken.some((other) => overlaps(other, box)));
      const box = free[0] ?? (kind === "focus" ? inside[0] ?? boxes[0] : null);
      if (!box) return;
      taken.push(box);
      const anchor = kind === "region" ? "middle" : box === boxes[0] ? "start" : "end";
      const from = { start: x + 9, end: x - 9, middle: box[0] + width / 2 }[anchor];
      const attributes = { x: from, y: y + 4, class: `ee-label ee-${kind}`, "text-anchor": anchor };
      const element = svg("text", attributes);
      element.textContent = text;
      area.append(element);
    };
    if (focus) {
      for (const neighbor of neighbors) {
        const [x1, y1] = at(focus);
        const [x2, y2] = at(neighbor);
        area.append(svg("line", { x1, y1, x2, y2, class: "ee-link" }));
      }
    }
    const ring = (point, kind, radius) => {
      const [cx, cy] = at(point);
      area.append(svg("circle", { cx, cy, r: radius * scale, class: `ee-ring ee-${kind}` }));
    };
    for (const stranger of this.want.false ?? []) ring(stranger, "false", 4.5);
    for (const hit of hits) ring(hit, "hit", 5);
    for (const neighbor of neighbors) ring(neighbor, "neighbor", 4.5);
    for (const pin of pins) ring(pin, "pin", 7);
    if (focus) ring(focus, "focus", 8);
    if (focus) label(focus, focus.name, "focus");
    for (const pin of pins) label(pin, pin.name, "pin");
    for (const neighbor of neighbors) label(neighbor, neighbor.name, "neighbor");
    for (const hit of hits) label(hit, hit.name, "hit");
    for (const stranger of this.want.false ?? []) label(stranger, stranger.name, "false");
    for (const region of labels) label(region, region.name, "region");
    area.style.setProperty("--ee-halo", theme.background);
    this.drawPointed();
  }

  showTip(point) {
    const i = this.index(point);
    const names = this.names();
    const place = this.place();
    this.tip.replaceChildren();
    const picture = this.picture(i);
    if (picture) this.tip.append(picture);
    const name = make("div", "ee-tip-name");
    name.textContent = names ? names[i] : `row ${this.row(point)}`;
    this.tip.append(name);
    const group = this.want.legend?.kind === "category"
      ? this.want.legend.entries[point.curveNumber].name : null;
    if (group !== null && group !== name.textContent) {
      const line = make("div", "ee-tip-group");
      line.textContent = `${this.want.legend.title}: ${group}`;
      this.tip.append(line);
    }
    if (this.want.legend?.kind === "number") {
      const line = make("div", "ee-tip-group");
      const value = this.store("colour").value[i];
      line.textContent = `${this.want.legend.title}: ${Number(value.toPrecision(4))}`;
      this.tip.append(line);
    }
    this.tip.hidden = false;
    const x = place.x(point.x);
    const y = place.y(point.y);
    const right = x + 16 + this.tip.offsetWidth > this.root.clientWidth;
    this.tip.style.left = `${right ? x - 12 - this.tip.offsetWidth : x + 12}px`;
    this.tip.style.top = `${Math.max(4, Math.min(y - 12, this.root.clientHeight - this.tip.offsetHeight - 4))}px`;
  }

  names() {
    const store = this.store("names");
    if (!store) return null;
    return (store.list ??= store.text.split("\n"));
  }

  // A canvas with the i-th drawn point's picture, cut from raw grey or RGB pixels.
  picture(i) {
    const store = this.store("pictures");
    if (!store) return null;
    const [height, width, channels] = store.shape;
    const canvas = make("canvas", "ee-tip-picture");
    canvas.width = width;
    canvas.height = height;
    const image = new ImageData(width, height);
    const start = i * height * width * channels;
    for (let p = 0; p < height * width; p++) {
      for (let c = 0; c < 3; c++) {
        image.data[4 * p + c] = store.pixels[start + p * channels + (channels === 3 ? c : 0)];
      }
      image.data[4 * p + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }

  fit() {
    if (!this.plot.data || this.gone) return;
    const height = this.root.clientHeight;
    window.Plotly.relayout(this.plot, { width: this.root.clientWidth, height });
  }

  // What is seen, three layers in one picture, at twice the screen's size.
  async savePng() {
    const { clientWidth: width, clientHeight: height } = this.root;
    const canvas = make("canvas");
    canvas.width = 2 * width;
    canvas.height = 2 * height;
    const context = canvas.getContext("2d");
    context.fillStyle = this.theme.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.under, 0, 0, canvas.width, canvas.height);
    const copy = this.over.cloneNode(true);
    copy.setAttribute("xmlns", SVG);
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    const style = svg("style", {});
    style.textContent = `text{font:13px ${this.theme.font}} ${OVER_STYLE(this.theme)}`;
    copy.prepend(style);
    const over = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
    const points = await window.Plotly.toImage(this.plot, { format: "png", width, height, scale: 2 });
    for (const source of [points, over]) {
      const image = new Image();
      image.src = source;
      await image.decode();
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
    }
    context.fillStyle = this.theme.faint;
    context.font = `22px ${this.theme.font}`;
    context.fillText(this.want.caption, 16, canvas.height - 10, canvas.width - 32);
    const link = make("a");
    link.download = "map.png";
    link.href = canvas.toDataURL("image/png");
    link.click();
  }
}

const OVER_STYLE = (theme) => `
  .ee-link{stroke:${theme.text};stroke-opacity:.35}
  .ee-ring{fill:none;stroke:${theme.text};stroke-width:1.6}
  .ee-focus{stroke-width:3;stroke:${theme.accent}}
  .ee-label{fill:${theme.text};stroke:${theme.background};stroke-width:3px;paint-order:stroke}
  .ee-false{stroke-dasharray:2 2}
  .ee-polygon{fill:none;stroke:${theme.text};stroke-dasharray:3 3}`;

function make(tag, className) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  return element;
}

function svg(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function readTheme(element) {
  const style = getComputedStyle(element);
  const value = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const background = value("--st-background-color", "#ffffff");
  const text = value("--st-text-color", "#222222");
  return {
    background, text, font: value("--st-font", "sans-serif"),
    accent: value("--st-primary-color", "#d55e00"),
    grid: faded(text, 0.08), faint: faded(text, 0.6), plain: value("--st-blue-color", "#0072b2"),
  };
}

// "#rrggbb" or "rgb(…)" with an opacity, in the form that Plotly reads.
function faded(colour, opacity) {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour);
  const parts = hex ? hex.slice(1).map((part) => parseInt(part, 16)) : colour.match(/[\d.]+/g);
  return parts ? `rgba(${parts[0]},${parts[1]},${parts[2]},${opacity})` : colour;
}

// Plotly reads a few HTML tags in names: a zero-width space after "<" keeps them plain text.
const plainText = (text) => text.replaceAll("<", "<\u200b").replaceAll("&", "&\u200b");

const overlaps = (a, b) =>
  a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];

function thinned(points, most) {
  const step = Math.max(1, Math.ceil(points.length / most));
  return points.filter((_, i) => i % step === 0);
}

// Counts (log scale, 0 to 255, row 0 at the top) as a picture in the text's colour.
function densityPicture(store, theme) {
  if (store.picture?.colour === theme.text) return store.picture.canvas;
  const [height, width] = store.shape;
  const canvas = make("canvas");
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  const [r, g, b] = faded(theme.text, 1).match(/[\d.]+/g).map(Number);
  for (let p = 0; p < width * height; p++) {
    image.data.set([r, g, b, store.level[p] * 0.6], 4 * p);
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  store.picture = { colour: theme.text, canvas };
  return canvas;
}
