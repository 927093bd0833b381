// PNG and SVG of a figure, drawn here at the size asked for.
// data: {plotly, figure: {data, layout} or null, svg, name, width, height}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function fromFigure(data, format) {
  const Plotly = await loadPlotly(data.plotly);
  const figure = JSON.parse(JSON.stringify(data.figure));
  delete figure.layout.height;
  const size = { format, width: data.width, height: data.height };
  const address = await Plotly.toImage(figure, size);
  return (await fetch(address)).blob();
}

async function fromSvg(data, format) {
  const drawing = new Blob([data.svg], { type: "image/svg+xml" });
  if (format === "svg") return drawing;
  const address = URL.createObjectURL(drawing);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = data.width;
    canvas.height = data.height;
    canvas.getContext("2d").drawImage(image, 0, 0, data.width, data.height);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

// A size typed in the fields above takes a moment to come back as data: wait for it.
async function asTyped(row) {
  for (let turn = 0; turn < 60; turn++) {
    const same = ["width", "height"].every((side) => {
      const label = side[0].toUpperCase() + side.slice(1);
      const field = document.querySelector(`[role="dialog"] input[aria-label="${label}"]`);
      return !field || Number(field.value) === row.data[side];
    });
    if (same) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  return row.data;
}

export default function ({ data: [data], parentElement }) {
  const shown = parentElement.querySelector(".ee-picture");
  if (shown) {
    shown.data = data;
    return;
  }
  const row = document.createElement("div");
  row.className = "ee-picture";
  row.data = data;
  for (const format of ["png", "svg"]) {
    const button = row.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = format.toUpperCase();
    button.onclick = async () => {
      button.disabled = true;
      try {
        const data = await asTyped(row);
        const made = await (data.svg ? fromSvg : fromFigure)(data, format);
        save(made, `${data.name}.${format}`);
        button.textContent = format.toUpperCase();
      } catch (error) {
        button.title = error.message;
        button.textContent = `${format.toUpperCase()}: failed`;
      }
      button.disabled = false;
    };
  }
  parentElement.append(row);
}
