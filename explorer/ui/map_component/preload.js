// Begins to load plotly.js while the server still computes what the map will draw.

export default function ({ data: [data] }) {
  if (window.Plotly || document.querySelector(`script[src="${data.plotly}"]`)) return;
  const script = document.createElement("script");
  script.src = data.plotly;
  document.head.append(script);
}
