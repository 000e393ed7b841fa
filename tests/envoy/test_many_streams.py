"""Many requests at once on one HTTP/2 connection, their pieces interleaved: no request sees another's variables."""

from support import h2client, wire

STREAMS = 200


def test_no_cross_talk(port, upstream):
    """Each request carries a nonce in a variable and in its own message; every third one is an error."""
    bodies = {}
    for number in range(STREAMS):
        prompt_id = "nope" if number % 3 == 0 else "echo"
        bodies[number] = wire.encode({"prompt_id": prompt_id, "prompt_variables": {"x": f"n-{number}"},
                                      "messages": [{"role": "user", "content": f"n-{number}"}]})
    with h2client.H2Connection(port, timeout=60) as connection:
        streams = {number: connection.start(headers={"x-number": str(number)}) for number in bodies}
        for cut in (slice(0, 10), slice(10, 40), slice(40, None)):
            for number, body in bodies.items():
                connection.data(streams[number], body[cut], end=cut.stop is None)
        answers = {number: connection.response(stream) for number, stream in streams.items()}
    assert {number for number, answer in answers.items() if answer.status == 404} == set(range(0, STREAMS, 3))
    seen = set()
    for record in upstream.records:
        if record.complete:
            number = record.header("x-number")
            assert [m["content"] for m in record.json()["messages"]] == ["S", f"[n-{number}]", f"n-{number}"]
            seen.add(int(number))
    assert seen == {number for number in range(STREAMS) if number % 3}
