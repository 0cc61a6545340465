// Events that a function publishes: CloudEvents, held until the run has ended well.

const JSON_TYPE = "application/json";
/** Of a record. */
const MOST_BYTES = 900_000;

/** The bytes or text of an event, and the content type that it implies. */
function dataOf(data) {
  if (data === undefined || data === null) {
    return [new Uint8Array(0), null];
  }
  const isText = typeof data === "string";
  if (isText || data instanceof ArrayBuffer || ArrayBuffer.isView(data) || data instanceof URLSearchParams) {
    return extract(data);
  }
  const json = JSON.stringify(data);
  if (json === undefined) {
    throw new TypeError(`an event's data is no ${typeof data}`);
  }
  return [json, JSON_TYPE];
}

const fieldText = (value) => (value instanceof Date ? value.toISOString() : String(value));

/** @param attributes of the event: key, contentType, and what CloudEvents have, such as type, subject and time */
function emit(topic, data, attributes = {}) {
  const { key, contentType, ...others } = attributes;
  const [content, implied] = dataOf(data);
  const type = contentType ?? implied;
  const fields = [
    ...(type === null ? [] : [["content-type", fieldText(type)]]),
    ...(key === undefined || key === null ? [] : [["kafka-key", fieldText(key)]]),
    ...Object.entries(others)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [`ce-${name}`, fieldText(value)]),
  ];
  const texts = [String(topic), ...fields.flat()];
  if (texts.some((text) => text.includes("\0"))) {
    throw new TypeError(`emit ${topic}: an attribute has a zero character`);
  }
  const bytes = typeof content === "string" ? encode(content) : content;
  if (bytes.length > MOST_BYTES) {
    throw new TypeError(`emit ${topic}: it has more than ${MOST_BYTES} bytes`);
  }
  write(bytes);
  const [outcome, reason] = ask("emit", ...texts);
  if (outcome !== "held") {
    throw new TypeError(`emit ${topic}: ${reason}`);
  }
}

define({ photon: Object.freeze({ emit }) });
