// Publishes an event, and answers what else it is told.

import { emit } from "../../../../examples/photon/photon";

const published = emit("orders.assembly", "ce-type: order.created\nkafka-key: k1\n", "from AssemblyScript");
const refused = emit("others");
process.stdout.write(`Content-Type: text/plain\n\n${published} ${refused}`);
