// A store holds arrays for the map, so that they travel once. The server mounts one store for each
// kind of array (points, colours, names, …) and the map asks for them by key.
//
// Layout of the bytes: uint32 length of the header, the header (JSON: {slot, key, facts, arrays:
// [{name, type, start, length}]}), then the arrays, each starting at a multiple of 8.

const TYPES = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

export default function ({ data }) {
  const shared = (window.embeddingExplorer ??= { stores: new Map(), waiting: new Set() });
  if (!data) return;
  // A copy at offset 0: the message's own bytes need not be aligned.
  const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const headerLength = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength)));
  if (shared.stores.get(header.slot)?.key === header.key) return;
  const arrays = { key: header.key, ...header.facts };
  for (const { name, type, start, length } of header.arrays) {
    arrays[name] = type === "text"
      ? new TextDecoder().decode(new Uint8Array(buffer, start, length))
      : new TYPES[type](buffer, start, length);
  }
  shared.stores.set(header.slot, arrays);
  for (const wake of [...shared.waiting]) wake();
}
