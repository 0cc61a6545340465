// Reads ScaledObjects as a JSON array and writes, for each, what KEDA's published schema holds against it, or null.
import { ScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1";
import { readFileSync } from "node:fs";

function objection(object) {
  try {
    new ScaledObject(object).validate();
    return null;
  } catch (error) {
    return error.message;
  }
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(objection)));
