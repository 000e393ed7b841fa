"""White space control, in every combination, and line ends."""

from itertools import product

from . import Subject

SUBJECT = Subject("whitespace", {"x": "X", "l": [1, 2], "t": True})

# Every sign at every side of a tag, with blanks and a line break around it.
for _open, _close in product(("", "-", "+"), repeat=2):
    _signs = f"{_open or '0'}{_close or '0'}"
    SUBJECT.case(f"statement-{_signs}", f"a \n {{%{_open} if t {_close}%}} \n b {{% endif %}}.")
    SUBJECT.case(f"end-{_signs}", f"a{{% if t %}} \n b \n {{%{_open} endif {_close}%}} \n c")
    SUBJECT.case(f"comment-{_signs}", f"a \n {{#{_open} note {_close}#}} \n b")
    if _close != "+":  # Jinja2 takes neither `{% raw +%}` nor `{{ x +}}`.
        SUBJECT.case(f"raw-{_signs}", f"a \n {{%{_open} raw {_close}%}} \n {{{{ x }}}} \n {{% endraw %}} b")
        SUBJECT.case(f"print-{_signs}", f"a \n {{{{{_open} x {_close}}}}} \n b")
        SUBJECT.case(f"for-{_signs}", f"{{% for i in l %}}\n  {{{{{_open} i {_close}}}}}\n{{% endfor %}}.")
    SUBJECT.case(f"endraw-{_signs}", f"a {{% raw %}} \n r \n {{%{_open} endraw {_close}%}} \n b")
    SUBJECT.case(f"set-{_signs}", f"a\n{{%{_open} set y = 1 {_close}%}}\n{{{{ y }}}}")

SUBJECT.text(
    "list",
    """
    Items:
    {% for i in l %}
    - {{ i }}
    {% endfor %}
    Done
    """,
)
SUBJECT.text(
    "list-tight",
    """
    Items:
    {%- for i in l %}
    - {{ i }}
    {%- endfor %}
    Done
    """,
)
SUBJECT.text(
    "list-both",
    """
    Items:
    {%- for i in l -%}
    {{ i }}
    {%- endfor -%}
    Done
    """,
)
SUBJECT.text(
    "if-else-lines",
    """
    {% if t -%}
        yes
    {%- else -%}
        no
    {%- endif %}

    end
    """,
)
SUBJECT.text(
    "indented-tags",
    """
    a
      {% if t %}
        b {{ x }}
      {% endif %}
    c
    """,
)
SUBJECT.text(
    "several-on-a-line",
    """
    {% if t %}{% for i in l %}{{ i }}{% endfor %}{% endif %}
      {{- x }}   {{ x -}}
    end
    """,
)
SUBJECT.text(
    "blank-lines",
    """
    a


    {{ x }}


    b
    """,
)
SUBJECT.text(
    "macro-lines",
    """
    {% macro m(v) %}
      [{{ v }}]
    {% endmacro %}
    a{{ m(1) }}b
    {%- set y %}
      body
    {% endset %}
    {{ y }}.
    """,
)

SUBJECT.templates(
    "inline",
    r"""
    {{x}}{{ x}}{{x }}
    {%if t%}a{%endif%}
    {%-if t-%} a {%-endif-%} b
    {{-x-}} a
    a {{--1}}
    a {{- -1 }}
    a {{-1}}
    a {{ - 1 }}
    a {{+1}}
    a {{ 1 -}} b {{- 2 }}
    {{ x }} {{ x }}
    a  {{- x -}}  b
    {% if t -%}   a   {%- else -%} b {%- endif %}
    {% for i in l -%} {{ i }} {%- endfor %}
    {% for i in l %} {{- i -}} {% endfor %}
    a {%- set y = 1 -%} b
    {#- c -#} a {#- c -#} b
    a{{ ' ' -}} b
    a {{- ' ' }}b
    {{ '\n' }}a
    a{{ x -}}
    """,
)

SUBJECT.case("tabs", "a\t{{- x -}}\tb")
SUBJECT.case("non-breaking", "a\u00a0{{- x -}}\u00a0b")
SUBJECT.case("vertical-tab", "a\x0b{{- x -}}\x0cb")
SUBJECT.case("ideographic", "a\u3000{{- x -}}\u3000b")
SUBJECT.case("separators", "a\x1c{{- x -}}\x1fb")
SUBJECT.case("zero-width", "a\u200b{{- x -}}\u200bb")
SUBJECT.case("crlf", "a\r\n{% if t %}\r\nb\r\n{% endif %}\r\nc")
SUBJECT.case("crlf-trim", "a\r\n{%- if t -%}\r\nb\r\n{%- endif -%}\r\nc")
SUBJECT.case("lone-cr", "a\r{{ x }}\rb")
SUBJECT.case("value-cr", "a{{ v }}b", v="1\r\n2\r3")
SUBJECT.case("trailing-newlines", "a\n\n\n")
SUBJECT.case("line-separator", "a\u2028b\u0085c {{ x }}")
SUBJECT.case("tag-over-lines", "{{\n  x\n}}{%\n  if t\n%}a{% endif\n%}")
SUBJECT.case("tabs-in-tag", "{{\tx\t}}{%\tif\tt\t%}a{%\tendif\t%}")
SUBJECT.case("non-breaking-in-tag", "{{\u00a0x\u00a0}}")
