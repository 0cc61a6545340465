// node publish.mjs <bootstrap> <entry topic> <function> <reply topic> <text>: calls a function, and prints its answer.
import { CloudEvent, Kafka as KafkaBinding } from "cloudevents";
import { Kafka, logLevel } from "kafkajs";

const [bootstrap, entry, functionName, replyTopic, text] = process.argv.slice(2);
const kafka = new Kafka({ clientId: "shop", brokers: [bootstrap], logLevel: logLevel.ERROR });

const event = new CloudEvent({
  source: "/shop",
  type: "shop.greeted",
  datacontenttype: "application/json",
  photonfunction: functionName,
  photonreplytopic: replyTopic,
  data: { text },
});
const message = KafkaBinding.binary(event);
// The SDK lists attributes that the event does not have, and the client takes none without a value.
const headers = Object.fromEntries(Object.entries(message.headers).filter(([, text]) => text !== undefined));

const producer = kafka.producer();
await producer.connect();
await producer.send({ topic: entry, messages: [{ headers, value: JSON.stringify(message.value) }] });
await producer.disconnect();

// The key of an answer is the id of its event.
const consumer = kafka.consumer({ groupId: `shop-${event.id}` });
await consumer.connect();
await consumer.subscribe({ topic: replyTopic, fromBeginning: true });
const reply = await new Promise((found) => {
  consumer.run({
    eachMessage: async ({ message }) => {
      if (message.key?.toString() === event.id) found(message);
    },
  });
});
const { ce_photonerror: error, ce_photonmessage: reason, ce_photonstatus: status } = reply.headers;
console.log(error ? `${error}: ${reason}` : `${status} ${reply.value}`);
await consumer.disconnect();
