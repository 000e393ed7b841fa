// Makes the calls that it reads from standard input with Anthropic's Node SDK, one after another, and prints what came
// of each: {"text", "stop", "promptId"}, or {"error": {...}} as the SDK threw it. A body with "stream" goes through the
// SDK's streaming helper.
//
//     echo '[{"model": "m", "max_tokens": 9, "messages": []}]' | BASE_URL=http://127.0.0.1:10000 node messages.mjs

import { text } from "node:stream/consumers";
import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ baseURL: process.env.BASE_URL, apiKey: "sk-ant-test", maxRetries: 0, timeout: 15_000 });

async function call({ stream, ...body }) {
  try {
    if (stream) {
      const events = client.messages.stream(body);
      let content = "";
      events.on("text", (piece) => (content += piece));
      const message = await events.finalMessage();
      return { text: content, stop: message.stop_reason };
    }
    const { data, response } = await client.messages.create(body).withResponse();
    return { text: data.content[0].text, stop: data.stop_reason, promptId: response.headers.get("x-promptgate-id") };
  } catch (error) {
    const { status, type, errorCode } = error;
    const { param } = error.error?.error?.details ?? {};
    return { error: { class: error.constructor.name, status, type, code: errorCode, param } };
  }
}

const results = [];
for (const body of JSON.parse(await text(process.stdin))) results.push(await call(body));
process.stdout.write(JSON.stringify(results));
