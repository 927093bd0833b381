// plotly.js from this server, once for the page. Stands before the scripts that need it.
function loadPlotly(url) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  const shared = (window.embeddingExplorer ??= { stores: new Map(), waiting: new Set() });
  return (shared.plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      delete shared.plotly;
      reject(new Error("plotly.js could not be loaded from this server. Reload the page."));
    };
    document.head.append(script);
  }));
}

