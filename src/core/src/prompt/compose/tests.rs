use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::prompt::{FrontMatter, Prompt};
use crate::template::Options;
use crate::value::{Dict, Key, Value};

fn message(role: Role, content: &str) -> Message {
    Message { role, content: content.to_owned() }
}

fn user(content: &str) -> Result<String, ComposeError> {
    compose(&Map::new(), &[message(Role::User, content)])
}

#[test]
fn writes_what_a_person_would_write() {
    let front_matter = json!({
        "model": "gpt-4.1",
        "temperature": 0.7,
        "text": {"format": {"type": "json_schema", "name": "answer", "strict": true, "schema": {
            "type": "object",
            "properties": {"mood": {"type": "string", "enum": ["kind", "2026-11-30", "no"]}, "items": {}},
            "required": ["mood", "items"],
        }}},
        "tools": [
            {"type": "function", "name": "find", "description": "Finds things.\nSlowly.", "parameters": {}},
            {"type": "web_search", "filters": {"allowed_domains": ["a.example"]}},
        ],
        "stop": ["\n", "x".repeat(90)],
        "description": "It's: \u{2028}\u{7f}\"quoted\"",
    });
    let messages = [
        message(Role::Developer, "You help {{customer_name}}.\n\n  Be kind.\n"),
        message(Role::User, "{{ question }}"),
        message(Role::Assistant, ""),
        message(Role::User, "  Go on."),
    ];
    let text = compose(front_matter.as_object().unwrap(), &messages).unwrap();
    let long = "x".repeat(90);
    assert_eq!(
        text,
        format!(
            r#"---
model: gpt-4.1
temperature: 0.7
text:
  format:
    type: json_schema
    name: answer
    strict: true
    schema:
      type: object
      properties:
        mood:
          type: string
          enum: [kind, "2026-11-30", "no"]
        items: {{}}
      required: [mood, items]
tools:
  - type: function
    name: find
    description: |-
      Finds things.
      Slowly.
    parameters: {{}}
  - type: web_search
    filters:
      allowed_domains: [a.example]
stop:
  - "\n"
  - {long}
description: "It's: \u2028\u007f\"quoted\""
---
Developer: You help {{{{ customer_name }}}}.

  Be kind.

User: {{{{ question }}}}

Assistant:

User: Go on.
"#
        )
    );
    assert_eq!(FrontMatter::of("p", &text).unwrap().parameters.len(), 4);
}

#[test]
fn what_is_no_variable_means_itself() {
    for (content, expected) in [
        ("a\nUser: b\n \tSystem: c", "User: a\n{{ \"User:\" }} b\n \t{{ \"System:\" }} c\n"),
        ("User: b", "User: User: b\n"),
        ("{{x}}\nUser: b", "User: {{ x }}\n{{ \"User:\" }} b\n"),
        ("a\n{{x}}User: b", "User: a\n{{ x }}User: b\n"),
        ("{% if x %}{# y #}", "User: {{ \"{%\" }} if x %}{{ \"{#\" }} y #}\n"),
        ("{{ x | upper }}", "User: {{ \"{{\" }} x | upper }}\n"),
        ("{{#each xs}} {{/each}}", "User: {{ \"{{#\" }}each xs}} {{ \"{{\" }}/each}}\n"),
        ("{{ first name }}", "User: {{ \"{{\" }} first name }}\n"),
        ("{{{x}}}", "User: {{ \"{\" }}{{ x }}}\n"),
        ("{\"a\": {\"b\": {{x}}}}", "User: {\"a\": {\"b\": {{ x }}}}\n"),
        ("{{}} {{ }} { {", "User: {{ \"{{\" }}}} {{ \"{{\" }} }} { {\n"),
        ("---\na: 1\n---", "User: ---\na: 1\n---\n"),
        ("a\r\nb\rc", "User: a\nb\nc\n"),
    ] {
        assert_eq!(user(content).as_deref(), Ok(expected), "{content:?}");
    }
}

#[test]
fn names_that_no_template_can_read() {
    let refused =
        ["customer-name", "1", "2nd", "a.b", "x.", "a-", "true", "True", "false", "none", "None", "not"];
    for name in refused {
        let error = user(&format!("Hello {{{{ {name} }}}}!")).unwrap_err();
        assert_eq!(error, ComposeError::Variable(name.to_owned()));
        assert!(error.to_string().starts_with(&format!("`{name}` is no name")));
    }
    let allowed =
        ["_", "a1", "größe", "loop", "range", "dict", "self", "caller", "prompt", "type", "raw", "if"];
    for name in allowed {
        assert_eq!(user(&format!("Hello {{{{{name}}}}}!")), Ok(format!("User: Hello {{{{ {name} }}}}!\n")));
    }
}

#[test]
fn what_no_prompt_file_can_say() {
    let hello = [message(Role::User, "Hello")];
    assert_eq!(compose(&Map::new(), &[]), Err(ComposeError::NoMessage));
    assert_eq!(user(" \n\u{1f}"), Err(ComposeError::NoMessage));
    for (front_matter, expected) in [
        (json!({"stream": true}), ComposeError::Key("stream".to_owned())),
        (json!({"prompt_cache_key": "x"}), ComposeError::Key("prompt_cache_key".to_owned())),
        (json!({"a": {"<<": {"b": 1}}}), ComposeError::FrontMatter),
    ] {
        assert_eq!(compose(front_matter.as_object().unwrap(), &hello), Err(expected), "{front_matter}");
    }
    for front_matter in
        [json!({"input": {"schema": {"a": "sting"}}}), json!({"a": 1e300}), json!({"labels": 1})]
    {
        let error = compose(front_matter.as_object().unwrap(), &hello).unwrap_err();
        assert!(matches!(error, ComposeError::Invalid(_)), "{error:?}");
        assert!(!error.to_string().contains("sting"));
    }
    assert!(matches!(user(&"x".repeat(300_000)), Err(ComposeError::Invalid(_))));
    // An empty last message is dropped by every render; one before it is kept.
    let messages = [message(Role::System, ""), message(Role::User, "Hello"), message(Role::Assistant, " ")];
    assert_eq!(compose(&Map::new(), &messages).as_deref(), Ok("System:\n\nUser: Hello\n\nAssistant:\n"));
}

#[test]
fn variables_and_where_they_stand() {
    let messages = [
        message(Role::User, "{{b}} {{a}}"),
        message(Role::User, " {{ a }}\n"),
        message(Role::User, "{{c}}{{c}}"),
    ];
    let found = variables(&messages);
    let found: Vec<_> = found.iter().map(|variable| (variable.name, variable.alone)).collect();
    assert_eq!(found, [("b", false), ("a", true), ("c", false)]);
}

#[test]
fn large_contents_take_no_longer_than_they_have_to() {
    for piece in ["{", "{{", "{{x", "{{ ", "{%", "\n", "\nUser:", "{{x}}"] {
        let content = piece.repeat(200_000 / piece.len());
        let written = compose(&Map::new(), &[message(Role::User, &format!("a{content}b"))]);
        // Some become larger than a file may be.
        assert!(matches!(written, Ok(_) | Err(ComposeError::Invalid(_))), "{piece:?}");
    }
}

/// What the messages are with these values, found the slow way.
fn filled(content: &str, values: &[(&str, String)]) -> String {
    let content = content.replace("\r\n", "\n").replace('\r', "\n");
    let mut rest = content.as_str();
    let mut filled = String::new();
    while !rest.is_empty() {
        let variable = rest.strip_prefix("{{").and_then(|inner| inner.split_once("}}"));
        let value = variable.and_then(|(name, behind)| {
            Some((values.iter().find(|(known, _)| *known == name.trim())?.1.as_str(), behind))
        });
        if let Some((value, behind)) = value {
            filled.push_str(value);
            rest = behind;
        } else {
            filled.extend(rest.chars().next());
            rest = rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap();
        }
    }
    filled
}

fn content() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{{x}}",
        "{{ y }}",
        "{{\ty\n}}",
        "{",
        "{{",
        "}}",
        "}",
        "{%",
        "%}",
        "{#",
        "#}",
        "{%- raw %}",
        "{% endraw %}",
        "User:",
        "System:",
        "Developer:",
        "Assistant:",
        "\nUser:",
        "\n  Assistant: ",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "---",
        "\n---\n",
        "x",
        "\"",
        "\\",
        "'",
        "-",
        "#",
        "%",
        "{{ \"x\" }}",
        "{{ x|upper }}",
        "\u{2028}",
        "\u{85}",
        "\0",
        "\u{1f}",
        "é",
        "\u{feff}",
    ]);
    prop_oneof![
        4 => prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat()),
        1 => "\\PC{0,24}",
    ]
}

fn messages() -> impl Strategy<Value = Vec<Message>> {
    let role = prop::sample::select(Role::ALL.to_vec());
    let message = (role, content()).prop_map(|(role, content)| Message { role, content });
    prop::collection::vec(message, 1..5)
}

fn json() -> impl Strategy<Value = Json> {
    let text = prop_oneof![
        prop::sample::select(vec![
            "",
            " ",
            "yes",
            "no",
            "Null",
            "~",
            "012",
            "1e3",
            "1.",
            "0x1f",
            "a: b",
            "a #b",
            "- a",
            "-",
            "? a",
            "a,b",
            "[a]",
            "{a}",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a`",
            "'a'",
            "\"a\"",
            "a\nb",
            "a\n\nb\n",
            " a\nb",
            "a \nb",
            "\na",
            "a\n",
            "a\n\n",
            "---",
            "a\n---\nb",
            "...",
            "2026-11-30",
            "=",
            "{{ x }}",
            "a\tb",
            "a\r\nb",
            "\u{85}",
            "é",
            "😀",
            "a\u{2028}b\nc",
            "\u{feff}a",
            "\0",
            "\u{7f}",
            "\u{fffe}",
            "a:",
            ":a",
            "a b ",
            "true ",
            ".inf",
            "gpt-4.1",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let key = prop_oneof![text.clone().prop_filter("merge", |key| key != "<<"), "[a-z_]{1,8}",];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        (-1e18..1e18).prop_map(Json::from),
        prop::sample::select(vec![0.0, 1.0, 0.1, 1e-7, 1.5e15]).prop_map(Json::from),
        text.prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::vec((key.clone(), inner), 0..5)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn renders_to_exactly_the_messages(messages in messages(), x in "\\PC{0,8}|\nUser: x|[{]{2}y[}]{2}", y in any::<String>()) {
        let values = [("x", x), ("y", y)];
        let written = compose(&Map::new(), &messages);
        if messages.iter().all(|message| content::strip(&message.content).is_empty()) {
            prop_assert_eq!(written, Err(ComposeError::NoMessage));
            return Ok(());
        }
        let text = match written {
            // The pieces make up other names now and then.
            Err(ComposeError::Variable(name)) => {
                prop_assert!(name != "x" && name != "y");
                return Ok(());
            }
            written => written.unwrap(),
        };
        let mut variables = Dict::new();
        for (name, value) in &values {
            variables.insert(Key::from(*name), Value::from(value.as_str())).unwrap();
        }
        let prompt = Prompt::parse("p", &text).unwrap();
        let rendered: Vec<_> = match prompt.template.render(&variables, &Options::default()) {
            Ok(rendered) => rendered.into_iter().map(|message| verify::text(message).unwrap()).collect(),
            Err(_) => Vec::new(),
        };
        let known = super::variables(&messages);
        let others = known.iter().filter(|variable| variable.name != "x" && variable.name != "y").count();
        if others > 0 {
            return Ok(());
        }
        let mut expected: Vec<_> = messages
            .iter()
            .map(|message| (message.role, content::strip(&filled(content::strip(&message.content), &values)).to_owned()))
            .collect();
        expected.pop_if(|(_, content)| content.is_empty());
        prop_assert_eq!(rendered, expected, "{}", text);
    }

    #[test]
    fn a_front_matter_is_read_as_it_was(members in prop::collection::vec(("[a-z_]{1,8}", json()), 1..6)) {
        let members: Map<String, Json> = members.into_iter().collect();
        let mut text = String::new();
        yaml::write(&mut text, &members);
        let read = crate::prompt::yaml::parse(&text, 1);
        prop_assert_eq!(read, Ok(Json::Object(members)), "{}", text);
    }

    #[test]
    fn whatever_it_is_it_comes_back_or_is_an_error(
        messages in messages(),
        members in prop::collection::vec((prop_oneof!["[a-z_]{1,8}", any::<String>()], json()), 0..4),
    ) {
        let members: Map<String, Json> = members.into_iter().collect();
        if let Ok(text) = compose(&members, &messages) {
            prop_assert!(Prompt::parse("p", &text).is_ok());
        }
    }
}
