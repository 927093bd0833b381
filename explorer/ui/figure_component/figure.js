// A small Plotly chart that is drawn anew in place, several times a second if need be: no flicker,
// and the visitor's zoom stays. data: {plotly, traces, layout, alt}

export default function ({ data: [data], parentElement }) {
  const host = parentElement;
  host.chart ??= host.appendChild(document.createElement("div"));
  const chart = host.chart;
  const style = getComputedStyle(host);
  const text = style.getPropertyValue("--st-text-color").trim() || "#222222";
  const family = style.getPropertyValue("--st-font").trim();
  const font = { ...data.layout.font, color: text, family };
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", data.alt);
  chart.style.height = `${data.layout.height}px`;
  const grid = "rgba(128,128,128,0.25)";
  const axis = { gridcolor: grid, linecolor: grid, zeroline: false, automargin: true };
  const layout = {
    ...data.layout, font, uirevision: "kept", paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)", xaxis: { ...axis, ...data.layout.xaxis },
    yaxis: { ...axis, ...data.layout.yaxis },
  };
  const paper = style.getPropertyValue("--st-background-color").trim() || "#ffffff";
  const halo = ["1px 1px", "1px -1px", "-1px 1px", "-1px -1px"]
    .map((place) => `${place} 2px ${paper}`).join(", ");
  const traces = data.traces.map((one) => {
    if (one.texttemplate) return { textfont: { color: text }, ...one }; // in a heat map's cells
    if (!one.textfont?.shadow) return one;
    return { ...one, textfont: { ...one.textfont, shadow: halo } };
  });
  const config = { displayModeBar: false, responsive: true };
  // One drawing after the other, and none once the chart is gone: Plotly cannot be interrupted.
  chart.drawing = Promise.all([loadPlotly(data.plotly), chart.drawing]).then(
    ([Plotly]) => (chart.gone ? null : Plotly.react(chart, traces, layout, config)),
  ).catch((error) => { chart.textContent = error.message; });
  return () => {
    chart.gone = true;
    delete host.chart;
    chart.drawing.finally(() => {
      if (window.Plotly && chart.data) window.Plotly.purge(chart);
      chart.remove();
    });
  };
}
