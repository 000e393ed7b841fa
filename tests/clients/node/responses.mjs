// Makes the calls that it reads from standard input with OpenAI's Node SDK, one after another, and prints what came of
// each: {"text", "id", "promptId", "events", "output"}, or {"error": {...}} as the SDK threw it.
//
// A call is {"body": {...}, "headers": {...}, "chain": true}; "chain" continues the response before it, and the text
// $CALL_ID in its input stands for the function call that was in that response. With "deployment" the call goes out
// through AzureOpenAI.
//
//     echo '[{"body": {"prompt": {"id": "hello"}}}]' | BASE_URL=http://127.0.0.1:10000/v1 node responses.mjs

import { text } from "node:stream/consumers";
import OpenAI, { AzureOpenAI } from "openai";

const options = { apiKey: "sk-test", maxRetries: 0, timeout: 15_000 };
const openai = new OpenAI({ ...options, baseURL: process.env.BASE_URL });
const azure = (deployment) =>
  new AzureOpenAI({ ...options, deployment, endpoint: new URL(process.env.BASE_URL).origin, apiVersion: "2026-05-01" });
let previous;

async function call({ body, headers, chain, deployment }) {
  try {
    if (chain) {
      const callId = previous.output[0].call_id ?? "";
      body = JSON.parse(JSON.stringify(body).replaceAll("$CALL_ID", callId));
      body.previous_response_id = previous.id;
    }
    const client = deployment ? azure(deployment) : openai;
    const { data, response } = await client.responses.create(body, { headers }).withResponse();
    const promptId = response.headers.get("x-promptgate-id");
    const events = [];
    let content = "";
    previous = data;
    if (body.stream) {
      for await (const event of data) {
        events.push(event.type);
        if (event.type === "response.output_text.delta") content += event.delta;
        if (event.type === "response.completed") previous = event.response;
      }
    }
    return { text: content || data.output_text, id: previous.id, promptId, events, output: previous.output };
  } catch (error) {
    const { status, code, param, type } = error;
    return { error: { class: error.constructor.name, status, code, param, type, message: error.message } };
  }
}

const results = [];
for (const one of JSON.parse(await text(process.stdin))) results.push(await call(one));
process.stdout.write(JSON.stringify(results));
