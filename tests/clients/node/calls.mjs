// Makes the calls that it reads from standard input with OpenAI's Node SDK, one after another, and prints what came of
// each: {"content", "model", "promptId"}, or {"error": {...}} as the SDK threw it.
//
//     echo '[{"model": "gpt-4", "messages": []}]' | BASE_URL=http://127.0.0.1:10000/v1 node calls.mjs

import { text } from "node:stream/consumers";
import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: "sk-test", maxRetries: 0, timeout: 15_000 });

async function call(body) {
  try {
    const { data, response } = await client.chat.completions.create(body).withResponse();
    const promptId = response.headers.get("x-promptgate-id");
    if (!body.stream) return { content: data.choices[0].message.content, model: data.model, promptId };
    let content = "";
    for await (const chunk of data) content += chunk.choices[0].delta.content ?? "";
    return { content, promptId };
  } catch (error) {
    const { name, status, code, param, type } = error;
    return { error: { class: error.constructor.name, name, status, code, param, type } };
  }
}

const results = [];
for (const body of JSON.parse(await text(process.stdin))) results.push(await call(body));
process.stdout.write(JSON.stringify(results));
