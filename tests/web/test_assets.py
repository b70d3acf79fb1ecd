"""Static files are small on the wire and kept for ever under a name that changes with their content."""

import httpx

from app.web.assets import static


async def test_a_stylesheet_is_compressed_and_immutable(client: httpx.AsyncClient) -> None:
    answer = await client.get(static("feira.css"), headers={"accept-encoding": "br"})
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]
    assert int(answer.headers["content-length"]) < 12_000
    assert "/*" not in answer.text and "--ink:" in answer.text


async def test_a_name_with_another_hash_is_unknown(client: httpx.AsyncClient) -> None:
    assert (await client.get("/static/feira.0000000000.css")).status_code == 404


async def test_no_path_leads_out_of_the_folder(client: httpx.AsyncClient) -> None:
    assert (await client.get("/static/../pyproject.toml")).status_code == 404
    assert (await client.get("/static/%2e%2e/pyproject.toml")).status_code == 404
