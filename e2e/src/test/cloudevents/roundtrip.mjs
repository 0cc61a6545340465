// roundtrip.mjs BROKERS TOPIC OUTPUT: publishes an event in each mode, reads two, and says what it read as JSON.
import { CloudEvent, Kafka as Binding } from "cloudevents";
import { Kafka, logLevel } from "kafkajs";

const [brokers, topic, output] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [brokers], clientId: "cloudevents-test", logLevel: logLevel.ERROR });

const event = (id) => new CloudEvent({
  id,
  source: "/shop",
  type: "order.placed",
  subject: "grüße",
  partitionkey: "customer-1",
  datacontenttype: "text/plain",
  data: `order ${id}`,
});
const producer = kafka.producer();
await producer.connect();
for (const message of [Binding.binary(event("binary")), Binding.structured(event("structured"))]) {
  const { key, value } = message;
  // The SDK lists attributes that an event does not have, and kafkajs takes none without a value.
  const headers = Object.fromEntries(Object.entries(message.headers).filter(([, text]) => text !== undefined));
  await producer.send({ topic, messages: [{ key, value, headers }] });
}
await producer.disconnect();

const consumer = kafka.consumer({ groupId: "cloudevents-test" });
await consumer.connect();
await consumer.subscribe({ topics: [output], fromBeginning: true });
const seen = [];
await new Promise((resolve, reject) => {
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  consumer.run({
    eachMessage: async ({ message }) => {
      const headers = Object.fromEntries(
        Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
      const read = Binding.toEvent({ ...message, headers, body: String(message.value) });
      read.validate();
      seen.push({ ...read.toJSON(), data: String(message.value), key: String(message.key) });
      if (seen.length === 2) {
        resolve();
      }
    },
  });
});
await consumer.disconnect();
console.log(JSON.stringify(seen));
process.exit(0);
